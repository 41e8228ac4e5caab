import { type Field, type LogicalType, type TableSchema, type Value, valueChecker } from '@vp/plugin-sdk';
import { compile } from './row-maker.ts';

/** Storage of one output column. */
export type OutputColumn = Value[] | Float64Array | Int32Array | BigInt64Array;

/** Nothing wrong. */
export const written = -1;
/** The row has properties that are no columns, or properties that are `undefined`. */
export const extraKeys = -2;

/**
 * Writes a row into the columns at `n`, checking each value. Gives {@link written},
 * {@link extraKeys}, or the number of the column whose value does not fit.
 */
export type RowWriter = (columns: readonly OutputColumn[], n: number, row: object) => number;

/** A row writer written for the schema, one inlined check for each column. */
export function compileRowWriter(schema: TableSchema): RowWriter {
  const checks = schema.fields.map((f) => valueChecker(f.type));
  const columns = schema.fields.map((field, c) => writeColumn(field, c));
  const body = `return (columns, n, row) => {
    let present = 0, v;
    ${columns.join('\n    ')}
    let keys = 0;
    for (const key in row) keys++;
    return keys === present ? ${written} : ${extraKeys};
  };`;
  return compile<(check: typeof checks) => RowWriter>(['check'], body)(checks);
}

function writeColumn(field: Field, c: number): string {
  const store = `columns[${c}][n] = v;`;
  const accept = `(${acceptance(field.type, c)})`;
  const missing = field.nullable ? `columns[${c}][n] = null;` : `return ${c};`;
  const fits = field.nullable ? `v === null || ${accept}` : accept;
  return `v = row[${JSON.stringify(field.name)}];
    if (v === undefined) { ${missing} } else { if (!(${fits})) return ${c}; present++; ${store} }`;
}

/** A condition on `v` that holds for exactly the values of the type. */
function acceptance(type: LogicalType, c: number): string {
  switch (type.kind) {
    case 'bool':
      return `typeof v === 'boolean'`;
    case 'int8':
      return `typeof v === 'number' && (v << 24 >> 24) === v`;
    case 'int16':
      return `typeof v === 'number' && (v << 16 >> 16) === v`;
    case 'int32':
    case 'date':
      return `typeof v === 'number' && (v | 0) === v`;
    case 'uint8':
      return `typeof v === 'number' && (v & 255) === v`;
    case 'uint16':
      return `typeof v === 'number' && (v & 65535) === v`;
    case 'uint32':
      return `typeof v === 'number' && (v >>> 0) === v`;
    case 'int64':
    case 'timestamp':
      return `typeof v === 'bigint' && BigInt.asIntN(64, v) === v`;
    case 'uint64':
      return `typeof v === 'bigint' && BigInt.asUintN(64, v) === v`;
    case 'float64':
      return `typeof v === 'number'`;
    case 'utf8':
      return `typeof v === 'string' && v.isWellFormed()`;
    default:
      return `check[${c}](v) === undefined`;
  }
}

/** Empty columns for `length` rows: typed arrays where the values can be held without boxes. */
export function makeColumns(schema: TableSchema, length: number): readonly OutputColumn[] {
  return schema.fields.map((field) => makeColumn(field, length));
}

function makeColumn({ type, nullable }: Field, length: number): OutputColumn {
  if (nullable) return new Array<Value>(length);
  switch (type.kind) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'date':
      return new Int32Array(length);
    case 'int64':
    case 'timestamp':
      return new BigInt64Array(length);
    case 'float64':
      return new Float64Array(length);
    default:
      return new Array<Value>(length);
  }
}

/** The first `length` values of a column. */
export function cutColumn(column: OutputColumn, length: number): OutputColumn {
  if (column.length === length) return column;
  return Array.isArray(column) ? column.slice(0, length) : column.subarray(0, length);
}
