import type { CallContext, RowBatch, RowsPayload, TableSchema } from '@vp/plugin-sdk';
import type { RowResult, RowsCode, TransformContext, TransformRow } from './code.ts';
import { errors } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { describeValue } from './explain-value.ts';
import { createOutput, type Output } from './output.ts';
import { compileRowMaker } from './row-maker.ts';
import { toUserError } from './user-error.ts';

/** What {@link runRows} works with. */
export interface RowsModeInit {
  readonly asset: string;
  readonly project: string;
  readonly code: RowsCode;
  readonly input: RowsPayload;
  readonly schema: TableSchema;
  readonly user: TransformContext;
  readonly context: CallContext;
}

/** A row that a promise was returned for. */
interface Waiting {
  readonly row: TransformRow;
  readonly number: number;
  readonly result: Promise<RowResult>;
}

/** Rows in flight of an async function. */
const defaultConcurrency = 16;

/** Applies the user's function to each row of the input. */
export async function* runRows(init: RowsModeInit): AsyncGenerator<RowBatch, void, undefined> {
  const { asset, project, code, input, schema, user, context } = init;
  const { fn } = code;
  const makeRow = compileRowMaker(input.schema);
  const output = createOutput({ asset, schema });
  let done = 0;

  const failed = (thrown: unknown, number: number, row: unknown) =>
    toUserError(thrown, { asset, project, row: number, input: row, schema: input.schema });

  for await (const batch of input.batches) {
    const { columns, length } = batch;
    for (let r = 0; r < length; r++) {
      const row = makeRow(columns, r);
      const number = done + r + 1;
      let result: RowResult | Promise<RowResult>;
      try {
        result = fn(row, user);
      } catch (thrown) {
        throw failed(thrown, number, row);
      }
      if (isPlainRow(result)) {
        output.add(result, number);
      } else if (isPromise(result)) {
        yield* awaitInOrder(
          { row, number, result },
          { init, output, batch, from: r + 1, done, makeRow, failed },
        );
        break;
      } else if (result !== null && result !== undefined) {
        yield* addAll(output, result, { asset, schema: input.schema, row, number });
      }
      if (output.isFull) yield* taken(output);
    }
    done += length;
    context.progress({ rows: done });
    yield* taken(output);
    context.signal.throwIfAborted();
  }
}

function isPlainRow(result: unknown): result is object {
  return (
    typeof result === 'object' &&
    result !== null &&
    !Array.isArray(result) &&
    typeof Reflect.get(result, 'then') !== 'function'
  );
}

function isPromise<T>(result: T | Promise<T>): result is Promise<T> {
  return (
    typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'
  );
}

interface AwaitInit {
  readonly init: RowsModeInit;
  readonly output: Output;
  readonly batch: RowBatch;
  readonly from: number;
  readonly done: number;
  readonly makeRow: ReturnType<typeof compileRowMaker>;
  readonly failed: (thrown: unknown, number: number, row: unknown) => Error;
}

/** The rest of a batch, for a function that gives promises: several at a time, results in order. */
async function* awaitInOrder(first: Waiting, rest: AwaitInit): AsyncGenerator<RowBatch, void, undefined> {
  const { init, output, batch, done, makeRow, failed } = rest;
  const { asset, code, input, user, context } = init;
  const concurrency = code.concurrency ?? defaultConcurrency;
  const waiting: Waiting[] = [watched(first)];
  let r = rest.from;
  for (;;) {
    while (r < batch.length && waiting.length < concurrency) {
      const row = makeRow(batch.columns, r);
      r += 1;
      waiting.push(watched({ row, number: done + r, result: start(() => code.fn(row, user)) }));
    }
    const next = waiting.shift();
    if (next === undefined) return;
    let result: RowResult;
    try {
      result = await next.result;
    } catch (thrown) {
      throw failed(thrown, next.number, next.row);
    }
    context.signal.throwIfAborted();
    if (result === null || result === undefined) continue;
    yield* addAll(output, result, { asset, schema: input.schema, row: next.row, number: next.number });
  }
}

/** Runs a function, so that what it throws is a rejection like what its promise rejects with. */
async function start(run: () => RowResult | Promise<RowResult>): Promise<RowResult> {
  return await run();
}

/** A rejection is looked at in its turn; until then it must not count as unhandled. */
function watched(waiting: Waiting): Waiting {
  waiting.result.then(undefined, () => undefined);
  return waiting;
}

interface ResultOrigin {
  readonly asset: string;
  readonly schema: TableSchema;
  readonly row: TransformRow;
  readonly number: number;
}

/** Adds what a function returned for a row, handing batches on as they fill. */
function* addAll(
  output: Output,
  result: unknown,
  { asset, schema, row, number }: ResultOrigin,
): Generator<RowBatch, void, undefined> {
  for (const item of Array.isArray(result) ? result : [result]) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      const got = Array.isArray(result) ? `an array with ${describeValue(item)}` : describeValue(item);
      throw errors.VP_TS_RESULT(
        { asset, row: number, got, excerpt: excerpt(row, schema) },
        { at: { row: number } },
      );
    }
    if (output.isFull) yield* taken(output);
    output.add(item, number);
  }
}

function* taken(output: Output): Generator<RowBatch, void, undefined> {
  const batch = output.take();
  if (batch !== undefined) yield batch;
}
