import type {
  CallContext,
  CommitMeta,
  Json,
  Payload,
  SinkWriter,
  SourceRead,
  TransferPlan,
  TransferResult,
  TransferStats,
} from '@vp/contracts';
import { jsonHash } from '@vp/contracts/registry';
import { evolving } from './changes.ts';
import { createMeter } from './meter.ts';
import type { TransferEnds } from './plan-transfer.ts';

/** Which attempt of which run moves the data. */
export interface TransferAttempt {
  readonly runId: string;
  readonly stepId: string;
  /** The same for all attempts of a step of a run. */
  readonly token: string;
}

/**
 * Does what a plan says: reads from where the last transfer ended, stages at the destination, and commits
 * data and cursor in one act of the destination. An endless read is committed window by window until
 * the signal aborts.
 */
export async function runTransfer(init: {
  readonly ends: TransferEnds;
  readonly plan: TransferPlan;
  readonly attempt: TransferAttempt;
  readonly context: CallContext;
  readonly parallelism?: number;
  /** Called after each commit of an endless read. */
  committed?(result: TransferResult): void;
}): Promise<TransferResult> {
  const { ends, plan, attempt, context } = init;
  const { spec, source: schema, format } = plan;
  const changes = evolving(plan.changes);
  if (plan.basedOn === attempt.token) {
    return { rows: 0, location: plan.location, changes: [], doneBefore: true };
  }
  const read = await ends.source.read(
    {
      options: spec.from.options,
      format,
      columns: schema.fields.map(({ name }) => name),
      ...(plan.state === undefined ? {} : { state: plan.state }),
      ...(init.parallelism === undefined ? {} : { parallelism: init.parallelism }),
      ...(spec.partition === undefined ? {} : { partition: spec.partition }),
    },
    context,
  );
  try {
    const writer = await ends.sink.open(
      {
        options: spec.to.options,
        schema: read.schema,
        mode: spec.mode,
        ...(spec.key === undefined ? {} : { key: spec.key }),
        ...(spec.partition === undefined ? {} : { partition: spec.partition }),
        format,
        token: attempt.token,
        basedOn: plan.basedOn,
        feed: spec.name,
        ...(changes.length === 0 ? {} : { changes }),
      },
      context,
    );
    try {
      const moved = { ...init, read, writer };
      return read.windows === undefined ? await bounded(moved) : await unbounded(moved, read.windows);
    } finally {
      await writer.close();
    }
  } finally {
    await read.close();
  }
}

interface Moving {
  readonly ends: TransferEnds;
  readonly plan: TransferPlan;
  readonly attempt: TransferAttempt;
  readonly context: CallContext;
  readonly read: SourceRead;
  readonly writer: SinkWriter;
  committed?(result: TransferResult): void;
}

async function bounded({ ends, plan, attempt, context, read, writer }: Moving): Promise<TransferResult> {
  const staged = await writeAll(writer, read.parts, context);
  const state = await read.state();
  const { location, stats } = await writer.commit(metaOf(plan, attempt, attempt.token, state), context);
  if (state !== undefined) await acknowledge(ends, plan, state, context);
  return resultOf({ plan, location, stats: { ...staged, ...stats }, state });
}

/** Each window is a commit of its own, under a token that names it. */
async function unbounded(
  { ends, plan, attempt, context, writer, committed }: Moving,
  windows: NonNullable<SourceRead['windows']>,
): Promise<TransferResult> {
  let total: TransferResult = { rows: 0, location: plan.location, changes: [], doneBefore: false };
  let number = 0;
  for await (const window of windows) {
    number += 1;
    await writeAll(writer, window.parts, context);
    const token = `${attempt.token}#${number}`;
    const { location, stats } = await writer.commit(metaOf(plan, attempt, token, window.state), context);
    const result = resultOf({ plan, location, stats, state: window.state });
    await acknowledge(ends, plan, window.state, context);
    total = { ...result, rows: total.rows + result.rows };
    committed?.(result);
  }
  return total;
}

/** Parts are drained at the same time; the first that fails ends the others by the caller's close. */
async function writeAll(
  writer: SinkWriter,
  parts: readonly Payload[],
  context: CallContext,
): Promise<TransferStats> {
  const meter = createMeter(context);
  const all = await Promise.all(parts.map((part) => writer.write(meter(part), context)));
  const bytes = all.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
  return { rows: all.reduce((sum, each) => sum + each.rows, 0), ...(bytes === 0 ? {} : { bytes }) };
}

function metaOf(
  plan: TransferPlan,
  attempt: TransferAttempt,
  token: string,
  state: Json | undefined,
): CommitMeta {
  const { from, mode, key } = plan.spec;
  return {
    runId: attempt.runId,
    stepId: attempt.stepId,
    token,
    fingerprint: jsonHash({ from: { use: from.use, options: from.options }, mode, key: [...(key ?? [])] }),
    inputs: {},
    ...(state === undefined ? {} : { state }),
  };
}

/** Only after the commit: until then the source must be able to give everything again. */
async function acknowledge(
  ends: TransferEnds,
  plan: TransferPlan,
  state: Json,
  context: CallContext,
): Promise<void> {
  await ends.source.acknowledge?.({ options: plan.spec.from.options, state }, context);
}

function resultOf(facts: {
  readonly plan: TransferPlan;
  readonly location: string;
  readonly stats: TransferStats;
  readonly state: Json | undefined;
}): TransferResult {
  const { plan, location, stats, state } = facts;
  return {
    rows: stats.rows,
    ...(stats.bytes === undefined ? {} : { bytes: stats.bytes }),
    location,
    ...(state === undefined ? {} : { state }),
    changes: evolving(plan.changes),
    doneBefore: false,
  };
}
