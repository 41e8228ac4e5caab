import { didYouMean, type RowBatch, type TableSchema, type Value } from '@vp/contracts';
import { errors } from '../errors.ts';
import { valueChecker } from './check-value.ts';

/** Options of {@link batchesFromRows}. */
export interface BatchOptions {
  /** Rows in a batch; 4,096 when left out. */
  readonly batchSize?: number;
  /**
   * Whether values are checked against the schema; `true` when left out. Turn it off where the rows
   * come from something that is known to give the right values, and every nanosecond counts.
   */
  readonly validate?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Batches of row objects: how a plugin turns what it has into a payload. Lazy: at most one batch is
 * held. A property that is missing or `undefined` is NULL; one that is no column is an error.
 *
 * @throws VpError `VP_SDK_ROW_VALUE`, `VP_SDK_ROW_UNKNOWN_COLUMN`, or the signal's reason
 *
 * @example
 * ```ts
 * import { batchesFromRows, t, toTableSchema } from '@vp/plugin-sdk';
 * const schema = toTableSchema({ id: t.int64(), name: t.text().nullable() });
 * const batches = batchesFromRows([{ id: 1n, name: 'Ada' }, { id: 2n }], schema, { batchSize: 1000 });
 * ```
 */
export async function* batchesFromRows(
  rows: Iterable<object> | AsyncIterable<object>,
  schema: TableSchema,
  options: BatchOptions = {},
): AsyncGenerator<RowBatch, void, undefined> {
  const { signal } = options;
  const add = batcher(schema, options);
  // A promise for each row of an array would cost more than the row.
  if (Symbol.iterator in rows) {
    for (const row of rows) {
      const full = add(row);
      if (full === undefined) continue;
      signal?.throwIfAborted();
      yield full;
    }
  } else {
    for await (const row of rows) {
      const full = add(row);
      if (full === undefined) continue;
      signal?.throwIfAborted();
      yield full;
    }
  }
  signal?.throwIfAborted();
  const rest = add();
  if (rest !== undefined) yield rest;
}

/** Takes row after row, and gives a batch when it is full or, without a row, when anything is left. */
function batcher(schema: TableSchema, options: BatchOptions): (row?: object) => RowBatch | undefined {
  const { batchSize = 4096, validate = true } = options;
  const append = validate ? checkedAppender(schema) : plainAppender(schema);
  let columns = emptyColumns(schema);
  let length = 0;
  let number = 0;
  return (row) => {
    if (row !== undefined) {
      append(row, columns, ++number);
      if (++length < batchSize) return undefined;
    }
    if (length === 0) return undefined;
    const batch = { length, columns };
    columns = emptyColumns(schema);
    length = 0;
    return batch;
  };
}

type Appender = (row: object, columns: readonly Value[][], number: number) => void;

const emptyColumns = (schema: TableSchema): readonly Value[][] => schema.fields.map(() => []);

function plainAppender(schema: TableSchema): Appender {
  const names = schema.fields.map((f) => f.name);
  return (row, columns) => {
    const values = row as { readonly [name: string]: Value | undefined };
    for (let c = 0; c < names.length; c++) columns[c]?.push(values[names[c] ?? ''] ?? null);
  };
}

function checkedAppender(schema: TableSchema): Appender {
  const names = new Set(schema.fields.map((f) => f.name));
  const checks = schema.fields.map((f) => valueChecker(f.type, { nullable: f.nullable }));
  const append = plainAppender(schema);
  return (row, columns, number) => {
    for (const name in row) {
      if (!names.has(name))
        throw errors.VP_SDK_ROW_UNKNOWN_COLUMN({
          row: number,
          column: name,
          didYouMean: didYouMean(name, names),
        });
    }
    append(row, columns, number);
    for (let c = 0; c < checks.length; c++) {
      const problem = checks[c]?.(columns[c]?.at(-1));
      if (problem !== undefined)
        throw errors.VP_SDK_ROW_VALUE({
          row: number,
          column: schema.fields[c]?.name ?? String(c),
          problem,
        });
    }
  };
}
