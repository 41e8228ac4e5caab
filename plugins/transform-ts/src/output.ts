import { didYouMean, formatType, type RowBatch, type TableSchema, valueChecker } from '@vp/plugin-sdk';
import { errors } from './errors.ts';
import { excerpt } from './excerpt.ts';
import { describeValue, fixOf } from './explain-value.ts';
import {
  compileRowWriter,
  cutColumn,
  extraKeys,
  makeColumns,
  type OutputColumn,
  written,
} from './output-columns.ts';

/** Rows in an output batch at most. */
const maxBatchRows = 8192;

/** Collects checked rows into batches. */
export interface Output {
  readonly isFull: boolean;
  /** Adds a row. `row` is its number for errors. Only while not full. */
  add(row: object, number: number): void;
  /** The rows so far, if any. */
  take(): RowBatch | undefined;
}

/** An output of the asset's declared columns. */
export function createOutput(init: { readonly asset: string; readonly schema: TableSchema }): Output {
  const { schema } = init;
  const write = compileRowWriter(schema);
  // Grows with what is used, so that small results stay small.
  let capacity = 256;
  let columns = makeColumns(schema, capacity);
  let length = 0;

  function grow(): void {
    const larger = makeColumns(schema, Math.min(capacity * 8, maxBatchRows));
    columns.forEach((column, c) => {
      for (let r = 0; r < length; r++) copyValue(column, larger[c], r);
    });
    capacity = Math.min(capacity * 8, maxBatchRows);
    columns = larger;
  }

  return {
    get isFull() {
      return length === maxBatchRows;
    },
    add(row, number) {
      if (length === capacity) grow();
      const outcome = write(columns, length, row);
      if (outcome !== written && !(outcome === extraKeys && hasOnlyColumns(row, schema))) {
        throw rowError(row, { ...init, column: outcome, number });
      }
      length += 1;
    },
    take() {
      if (length === 0) return undefined;
      const batch = { length, columns: columns.map((column) => cutColumn(column, length)) };
      columns = makeColumns(schema, capacity);
      length = 0;
      return batch;
    },
  };
}

function copyValue(from: OutputColumn, to: OutputColumn | undefined, r: number): void {
  if (to !== undefined) Reflect.set(to, r, from[r]);
}

/** A property that is `undefined` is a missing one, and no further column. */
function hasOnlyColumns(row: object, schema: TableSchema): boolean {
  return unknownKey(row, schema) === undefined;
}

function unknownKey(row: object, schema: TableSchema): string | undefined {
  for (const key in row) {
    if (!schema.fields.some((f) => f.name === key)) return key;
  }
  return undefined;
}

interface BadRow {
  readonly asset: string;
  readonly schema: TableSchema;
  readonly number: number;
  /** Of the value that does not fit, or {@link extraKeys}. */
  readonly column: number;
}

function rowError(row: object, { asset, schema, number, column }: BadRow): Error {
  const names = schema.fields.map((f) => f.name);
  const unknown = unknownKey(row, schema);
  const facts = { asset, row: number, excerpt: excerpt(row, schema) };
  const at = { at: { row: number } };
  const field = schema.fields[column];
  if (field === undefined) {
    const name = unknown ?? '';
    return errors.VP_TS_COLUMN_UNKNOWN({ ...facts, column: name, suggestion: didYouMean(name, names) }, at);
  }
  const value: unknown = Reflect.get(row, field.name);
  if (value === undefined) {
    const given = Object.keys(row).filter((key) => !names.includes(key));
    const suggestion = didYouMean(field.name, given);
    return errors.VP_TS_COLUMN_MISSING(
      {
        ...facts,
        column: field.name,
        suggestion: suggestion.startsWith('Did')
          ? suggestion.replace('Did you mean', 'It has').replace('?', ': is that it?')
          : '',
      },
      at,
    );
  }
  const isMasked = field.tags?.includes('pii') === true;
  const inner = valueChecker(field.type)(value);
  const got = isMasked ? `a value of type ${typeof value}` : describeValue(value);
  const detail =
    typeof value === 'object' && value !== null && !isMasked && inner !== undefined ? ` (${inner})` : '';
  return errors.VP_TS_VALUE(
    {
      ...facts,
      column: field.name,
      type: formatType(field.type),
      got: `${got}${detail}`,
      fix: fixOf(field, value),
    },
    at,
  );
}
