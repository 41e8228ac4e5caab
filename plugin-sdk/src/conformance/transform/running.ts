import type { CallContext, Payload, RowBatch, Transform, TransformResult } from '@vp/contracts';
import { batchesFromRows } from '../../rows/batches-from-rows.ts';
import type { Row } from '../../rows/row.ts';
import { payloadFromRows, rowsPayload } from '../../rows/rows-payload.ts';
import { testContext } from '../../testing/test-context.ts';
import { decode } from '../data/decode.ts';
import { ensure, notApplicable } from '../ensure.ts';
import type { TransformCase, TransformSubject } from './subject.ts';

/** Makes the payload of one input. */
export type InputMaker = (input: TransformCase['inputs'][string], as: string) => Payload | Promise<Payload>;

export const inBatchesOf =
  (batchSize: number): InputMaker =>
  ({ schema, rows }) =>
    payloadFromRows(rows, schema, { batchSize });

/** Starts a case; its inputs in batches of two rows unless `input` says otherwise. */
export async function start(
  transform: Transform,
  { options, code, inputs, schema, partition }: TransformCase,
  input: InputMaker = inBatchesOf(2),
  context: CallContext = testContext(),
): Promise<TransformResult> {
  const made: Record<string, Payload> = {};
  for (const [as, table] of Object.entries(inputs)) made[as] = await input(table, as);
  const extra = {
    ...(code === undefined ? {} : { code }),
    ...(partition === undefined ? {} : { partition }),
  };
  return transform.run({ asset: 'asset_under_test', options, schema, inputs: made, ...extra }, context);
}

/** The output of a result; the cases all have one. */
export function outputOf(result: TransformResult): Payload {
  ensure(result.output !== undefined, 'there is no output');
  return result.output;
}

/** Runs a case to its end and gives its rows. */
export async function outcome(
  subject: TransformSubject,
  transform: Transform,
  wanted: TransformCase,
  input?: InputMaker,
  context?: CallContext,
): Promise<readonly Row[]> {
  const result = await start(transform, wanted, input, context);
  try {
    return await decode(outputOf(result), subject.decoders);
  } finally {
    await result.close?.();
  }
}

/** Pulls batches of the output until `enough` says so. */
export async function pull(output: Payload, count: number): Promise<AsyncIterator<RowBatch>> {
  ensure(output.carrier === 'rows', 'the output is not rows');
  const batches = output.batches[Symbol.asyncIterator]();
  for (let i = 0; i < count; i++) await batches.next();
  return batches;
}

/** An input that repeats its rows without end, and says how much was taken and whether it was closed. */
export function endlessInput() {
  const seen = { batches: 0, closed: 0, opened: 0 };
  const input: InputMaker = ({ schema, rows }) => {
    async function* forever(): AsyncGenerator<RowBatch> {
      seen.opened++;
      try {
        while (true) {
          for await (const batch of batchesFromRows(rows, schema, { validate: false })) {
            seen.batches++;
            yield batch;
          }
          // Gives the rest of the process a turn, or an eager consumer would never be stopped.
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        seen.closed++;
      }
    }
    return rowsPayload(schema, forever());
  };
  return { input, seen };
}

/** The rows, then `end`: an error, or nothing for ever. */
export function endingWith(end: () => Promise<never>): InputMaker {
  return ({ schema, rows }) => {
    async function* batches(): AsyncGenerator<RowBatch> {
      yield* batchesFromRows(rows, schema, { batchSize: 1 });
      await end();
    }
    return rowsPayload(schema, batches());
  };
}

/** Batches whose arrays are overwritten when the next one is asked for, as producers may do. */
export const reusingArrays: InputMaker = ({ schema, rows }) => {
  async function* batches(): AsyncGenerator<RowBatch> {
    const columns = schema.fields.map((): (Row[string] | undefined)[] => []);
    for (const row of rows) {
      for (const [c, field] of schema.fields.entries()) columns[c]?.splice(0, 1, row[field.name]);
      yield { length: 1, columns: columns.map((column) => column as Row[string][]) };
    }
    for (const column of columns) column.fill(undefined);
  }
  return rowsPayload(schema, batches());
};

/** The first case whose output comes before the inputs end. */
export function streaming(subject: TransformSubject): TransformCase {
  const found = subject.cases.find((c) => c.streams !== false);
  return found ?? notApplicable('no case streams');
}
