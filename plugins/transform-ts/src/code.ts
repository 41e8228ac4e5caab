import type { JsonObject, Logger, PartitionKey, Value } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** A row as user code sees and gives it: column names to JavaScript values. */
export type TransformRow = { readonly [column: string]: Value };

/** What user functions get besides the data. */
export interface TransformContext {
  /** Aborts when the run is cancelled or times out. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The partition that is computed. */
  readonly partition?: PartitionKey;
}

/** What a row function may return: a row, several, or none. */
export type RowResult = object | readonly object[] | null | undefined;

/** Inputs of batch functions and tasks: arrays of rows, by the input's name. */
export type BatchInputs = Readonly<Record<string, AsyncIterable<readonly TransformRow[]>>>;

/** One row in, no, one or several rows out. */
export interface RowsCode {
  readonly mode: 'rows';
  readonly fn: (row: TransformRow, context: TransformContext) => RowResult | Promise<RowResult>;
  /** Rows that an async function works on at the same time; 16 when left out. */
  readonly concurrency?: number;
}

/** All inputs in, arrays of rows out. */
export interface BatchesCode {
  readonly mode: 'batches';
  readonly fn: (
    inputs: BatchInputs,
    context: TransformContext,
  ) => AsyncIterable<readonly object[]> | Iterable<readonly object[]>;
}

/** All inputs in, facts about what was done out. */
export interface TaskCode {
  readonly mode: 'task';
  readonly fn: (
    inputs: BatchInputs,
    context: TransformContext,
  ) => JsonObject | undefined | Promise<JsonObject | undefined>;
}

/** `Compute.code` of a TypeScript transform. */
export type TransformCode = RowsCode | BatchesCode | TaskCode;

const modes: readonly unknown[] = ['rows', 'batches', 'task'] satisfies readonly TransformCode['mode'][];

/** `code` as what it has to be. */
export function checkCode(code: unknown, asset: string): TransformCode {
  if (typeof code !== 'object' || code === null) throw errors.VP_TS_CODE({ asset, reason: 'has no code' });
  const { mode, fn } = { mode: undefined, fn: undefined, ...code };
  if (!modes.includes(mode)) {
    throw errors.VP_TS_CODE({
      asset,
      reason: `has the mode ${JSON.stringify(mode)}, not "rows", "batches" or "task"`,
    });
  }
  if (typeof fn !== 'function')
    throw errors.VP_TS_CODE({ asset, reason: `has no function, but ${describe(fn)}` });
  return code as TransformCode;
}

const describe = (value: unknown) => (value === undefined ? 'nothing' : `a ${typeof value}`);
