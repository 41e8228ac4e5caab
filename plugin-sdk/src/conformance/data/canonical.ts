import type { ElementType, LogicalType, TableSchema } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import { ensure, show } from '../ensure.ts';

/** A text that is the same for the same value of a type, whichever way it was written. */
export function canonicalValue(type: LogicalType, value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  switch (type.kind) {
    case 'decimal':
      return canonicalDecimal(String(value), type.scale);
    case 'binary':
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : show(value);
    case 'list':
      return Array.isArray(value)
        ? `[${value.map((item) => canonicalElement(type.item, item)).join(',')}]`
        : show(value);
    case 'map':
      return Array.isArray(value)
        ? `{${value.map((pair) => `${canonicalValue(type.key, pair[0])}:${canonicalElement(type.value, pair[1])}`).join(',')}}`
        : show(value);
    case 'struct': {
      const members: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
      return `{${type.fields.map((f) => `${f.name}:${canonicalElement(f, members.get(f.name))}`).join(',')}}`;
    }
    case 'interval':
      return show(value);
    default:
      // With its type, so that 1 and 1n and '1' differ.
      return `${typeof value}:${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
  }
}

const canonicalElement = (e: ElementType, value: unknown): string => canonicalValue(e.type, value);

function canonicalDecimal(text: string, scale: number): string {
  const match = /^(-?)0*(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null) return `not a decimal: ${text}`;
  const whole = match[2] === '' ? '0' : match[2];
  const fraction = (match[3] ?? '').padEnd(scale, '0');
  const digits = fraction === '' ? `${whole}` : `${whole}.${fraction}`;
  return /[1-9]/.test(digits) ? `${match[1]}${digits}` : digits;
}

/** A row as text, columns in the order of the schema. */
function canonicalRow(schema: TableSchema, row: Row): string {
  return schema.fields.map((f) => `${f.name}=${canonicalValue(f.type, row[f.name])}`).join(' ');
}

/** Breaks the law unless both are the same rows; in the same order when `ordered`. */
export function ensureSameRows(check: {
  readonly schema: TableSchema;
  readonly actual: readonly Row[];
  readonly expected: readonly Row[];
  readonly ordered?: boolean;
  readonly what: string;
}): void {
  const { schema, what } = check;
  const actual = check.actual.map((row) => canonicalRow(schema, row));
  const expected = check.expected.map((row) => canonicalRow(schema, row));
  const missing = without(expected, actual);
  const extra = without(actual, expected);
  const counts = `${what} gives ${actual.length} rows of ${expected.length}`;
  ensure(
    missing.length === 0,
    `${counts}; missing: ${clip(missing[0])}${extra.length === 0 ? '' : `; not expected: ${clip(extra[0])}`}`,
  );
  ensure(extra.length === 0, `${counts}; not expected: ${clip(extra[0])}`);
  if (check.ordered !== true) return;
  const at = expected.findIndex((row, i) => row !== actual[i]);
  ensure(at < 0, `${what} gives the rows in another order, first at row ${at + 1}: ${clip(actual[at])}`);
}

function without(rows: readonly string[], taken: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of taken) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const n = counts.get(row) ?? 0;
    counts.set(row, n - 1);
    return n <= 0;
  });
}

const clip = (text = ''): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
