import {
  type CommitMeta,
  formatPartition,
  type PartitionKey,
  type PublishSpec,
  points,
  type Sink,
  type SnapshotRead,
  type TableSchema,
} from '@vp/contracts';
import { definitionKey } from '../plan/current.ts';
import { fingerprint } from '../plan/fingerprint.ts';
import { stepIdOf } from '../plan/model.ts';
import { errors } from './errors.ts';
import { refuseLoss } from './losses.ts';
import { doneBefore, type StepOutcome } from './outcome.ts';
import type { StepScope } from './scope.ts';
import { openInput } from './transform.ts';

/** Writes an asset's current data to a sink, once for each new state of it. */
export async function publish(scope: StepScope, spec: PublishSpec): Promise<StepOutcome> {
  const { step, host, token } = scope;
  const { versions, partitions } = snapshotsOf(scope, spec.asset);
  const partition = step.partition === undefined ? {} : { partition: step.partition };
  const mark = fingerprint({ definition: step.definition, inputs: versions });
  const info = host.contribution('sink', spec.use);
  const sink: Sink = await scope.call(info, () => host.instance(points.sink, spec.use, spec.connection));
  const table = await scope.call(info, () =>
    sink.inspect({ options: spec.options, ...partition }, scope.context),
  );
  const committed = table.exists ? table.committed : undefined;
  const meta: CommitMeta = {
    runId: scope.runId,
    stepId: step.id,
    token,
    fingerprint: mark,
    inputs: versions,
    metadata: { [definitionKey]: step.definition },
  };
  if (committed?.token === token) {
    if (scope.state.current(step.id)?.version !== scope.runId) record(scope, spec, { meta });
    return { ...doneBefore, location: table.location };
  }
  if (committed?.fingerprint === mark && step.reason.code !== 'forced') {
    record(scope, spec, { meta });
    return { status: 'skipped', reason: 'unchanged', location: table.location };
  }

  const read = readOf({ spec, versions, partitions, committed });
  const input =
    read === undefined ? undefined : await openInput({ scope, read, to: spec.use, accepts: table.formats });
  const schema = input?.payload.schema ?? schemaOf(scope, versions);
  refuseLoss(spec, table, schema);
  scope.context.progress({ activity: 'writing' });
  const writer = await scope.call(info, () =>
    sink.open(
      {
        options: spec.options,
        schema,
        mode: spec.mode,
        ...(spec.key === undefined ? {} : { key: spec.key }),
        ...partition,
        format: input?.format ?? table.formats[0] ?? 'rows',
        token,
        basedOn: table.committed?.token ?? null,
      },
      scope.context,
    ),
  );
  scope.defer(`the write to ${table.location}`, () => writer.close());
  if (input !== undefined) await scope.call(info, () => writer.write(input.payload, scope.context));
  const { location, stats } = await scope.call(info, () => writer.commit(meta, scope.context));
  record(scope, spec, { meta, rows: stats.rows, bytes: stats.bytes });
  return {
    status: 'succeeded',
    rows: stats.rows,
    ...(stats.bytes === undefined ? {} : { bytes: stats.bytes }),
    location,
    ...(input === undefined ? {} : { path: input.path }),
  };
}

function snapshotsOf(
  scope: StepScope,
  asset: string,
): { readonly versions: Readonly<Record<string, string>>; readonly partitions?: readonly PartitionKey[] } {
  const set = scope.model.partitions(asset);
  const versions: Record<string, string> = {};
  const partitions: PartitionKey[] = [];
  const { partition: only } = scope.step;
  const own = only === undefined ? undefined : set?.byText.get(formatPartition(only));
  for (const partition of own === undefined ? (set?.partitions ?? [undefined]) : [own]) {
    const id = stepIdOf(asset, partition?.text);
    const version = scope.state.current(id)?.version;
    if (version === undefined) continue;
    versions[id] = version;
    if (partition !== undefined) partitions.push(partition.key);
  }
  if (Object.keys(versions).length === 0) {
    throw errors.VP_STEP_INPUT_MISSING({ step: scope.step.id, input: asset, asset });
  }
  return set === undefined ? { versions } : { versions, partitions };
}

/**
 * What to send. Where rows are added to what is there, only what the destination does not have:
 * sending it again would double it. Nothing is left when only the definition changed.
 */
function readOf(request: {
  readonly spec: PublishSpec;
  readonly versions: Readonly<Record<string, string>>;
  readonly partitions: readonly PartitionKey[] | undefined;
  readonly committed: CommitMeta | undefined;
}): SnapshotRead | undefined {
  const { spec, versions, partitions, committed } = request;
  const { asset, mode } = spec;
  const isMissing = Object.entries(versions).map(([id, version]) => committed?.inputs[id] !== version);
  if (mode === 'append' && !isMissing.includes(true)) return undefined;
  if (partitions === undefined) {
    const snapshot = versions[asset];
    return { asset, ...(snapshot === undefined ? {} : { snapshot }) };
  }
  if (mode === 'replace' || !isMissing.includes(true)) return { asset, partitions };
  return { asset, partitions: partitions.filter((_, index) => isMissing[index]) };
}

/** The columns of an asset that is not read. */
function schemaOf(scope: StepScope, versions: Readonly<Record<string, string>>): TableSchema {
  const [first = ''] = Object.keys(versions);
  return scope.state.snapshot(first)?.schema ?? { fields: [] };
}

function record(
  scope: StepScope,
  spec: PublishSpec,
  facts: { readonly meta: CommitMeta; readonly rows?: number; readonly bytes?: number | undefined },
): void {
  const { step, runId, clock, state, startedAt } = scope;
  const at = clock.now();
  state.recorded({
    asset: spec.asset,
    ...(step.partition === undefined ? {} : { partition: step.partition }),
    runId,
    stepId: step.id,
    version: runId,
    fingerprint: facts.meta.fingerprint,
    definition: step.definition,
    definitionParts: step.definitionParts,
    inputs: facts.meta.inputs,
    ...(facts.rows === undefined ? {} : { rows: facts.rows }),
    ...(facts.bytes === undefined ? {} : { bytes: facts.bytes }),
    durationMs: at - startedAt,
    at,
  });
}
