import type { CallContext, RowBatch, RowsPayload, TableSchema } from '@vp/plugin-sdk';
import { openInputs } from './batch-inputs.ts';
import type { BatchesCode, TransformContext } from './code.ts';
import { errors } from './errors.ts';
import { describeValue } from './explain-value.ts';
import { createOutput } from './output.ts';
import { toUserError } from './user-error.ts';

/** What {@link runBatches} works with. */
export interface BatchesModeInit {
  readonly asset: string;
  readonly project: string;
  readonly code: BatchesCode;
  readonly inputs: Readonly<Record<string, RowsPayload>>;
  readonly schema: TableSchema;
  readonly user: TransformContext;
  readonly context: CallContext;
}

/** Runs the user's generator over all inputs and checks the rows that it gives. */
export async function* runBatches(init: BatchesModeInit): AsyncGenerator<RowBatch, void, undefined> {
  const { asset, schema, context } = init;
  const output = createOutput({ asset, schema });
  let number = 0;
  for await (const rows of userBatches(init)) {
    if (!Array.isArray(rows)) throw wrongResult(asset, number + 1, describeValue(rows));
    for (const row of rows) {
      number += 1;
      if (typeof row !== 'object' || row === null || Array.isArray(row)) {
        throw wrongResult(asset, number, `an array with ${describeValue(row)}`);
      }
      if (output.isFull) yield* taken(output.take());
      output.add(row, number);
    }
    yield* taken(output.take());
    context.progress({ rows: number });
    context.signal.throwIfAborted();
  }
}

function* taken(batch: RowBatch | undefined): Generator<RowBatch, void, undefined> {
  if (batch !== undefined) yield batch;
}

/** What the user's generator yields; what it throws names the line of its code. */
async function* userBatches(init: BatchesModeInit): AsyncGenerator<unknown, void, undefined> {
  const { asset, project, code, user, context } = init;
  const { inputs, failure } = openInputs(init.inputs, context);
  try {
    const result: unknown = code.fn(inputs, user);
    if (!isIterable(result)) throw wrongResult(asset, 0, describeValue(result));
    yield* result;
  } catch (thrown) {
    context.signal.throwIfAborted();
    const inputFailure = failure();
    if (inputFailure !== undefined && inputFailure.error === thrown) throw thrown;
    throw toUserError(thrown, { asset, project });
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return (
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function wrongResult(asset: string, row: number, got: string): Error {
  const reason =
    row === 0
      ? `returned ${got}; a batch function is an async generator: async function* (inputs) { … yield rows; }`
      : `yielded ${got} at output row ${row}; it has to yield arrays of row objects`;
  return errors.VP_TS_CODE({ asset, reason });
}
