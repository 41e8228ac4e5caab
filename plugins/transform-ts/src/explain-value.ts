import { type Field, formatType, type LogicalType } from '@vp/plugin-sdk';

/** A wrong value in words: its kind, and the value itself where it is short. */
export function describeValue(value: unknown): string {
  if (value === null) return 'NULL';
  if (value === undefined) return 'undefined';
  switch (typeof value) {
    case 'bigint':
      return `the bigint ${value}n`;
    case 'string':
      return `the string ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
    case 'number':
    case 'boolean':
      return `the ${typeof value} ${value}`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    default:
      if (Array.isArray(value)) return 'an array';
      if (value instanceof Date)
        return `a Date (${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`;
      return `an object${value?.constructor?.name === undefined || value.constructor.name === 'Object' ? '' : ` of class ${value.constructor.name}`}`;
  }
}

/** How to make a value of the column's type from one like `value`. */
export function fixOf({ name, type, nullable }: Field, value: unknown): string {
  const takes = `Give ${takesOf(type)}`;
  if (value === null && !nullable) return `Give a value, or declare ${name} with .nullable().`;
  if (isBigintKind(type)) {
    if (value instanceof Date && type.kind === 'timestamp')
      return `${takes}: BigInt(date.getTime())${timesOf(type.unit)}.`;
    if (typeof value === 'number')
      return `${takes}: BigInt(x), or a literal such as 12n. Numbers lose digits beyond 2^53.`;
    if (typeof value === 'string') return `${takes}: BigInt(text).`;
    return `${takes}.`;
  }
  if (typeof value === 'bigint' && isNumberKind(type)) return `${takes}: Number(x), when it is known to fit.`;
  if (type.kind === 'decimal' && typeof value === 'number')
    return `${takes}: x.toFixed(${type.scale}). Numbers are binary and round decimals.`;
  if (type.kind === 'date' && value instanceof Date)
    return `${takes}: Math.floor(date.getTime() / 86_400_000).`;
  if (type.kind === 'utf8' && value !== null) return `${takes}: String(x).`;
  return `${takes}.`;
}

function takesOf(type: LogicalType): string {
  switch (type.kind) {
    case 'timestamp':
      return `a bigint, ${type.unit} since 1970`;
    case 'time':
      return `a bigint, ${type.unit} since midnight`;
    case 'date':
      return 'a whole number, days since 1970-01-01';
    case 'decimal':
      return `a string of digits such as "12.${'0'.repeat(type.scale)}"`;
    case 'utf8':
      return 'a string';
    case 'bool':
      return 'true or false';
    case 'enum':
      return `one of ${type.values.map((v) => JSON.stringify(v)).join(', ')}`;
    default:
      return isBigintKind(type)
        ? `a bigint of ${type.kind}`
        : isNumberKind(type)
          ? `a number of ${type.kind}`
          : `a value of ${formatType(type)}`;
  }
}

const isBigintKind = ({ kind }: LogicalType) => ['int64', 'uint64', 'time', 'timestamp'].includes(kind);
const isNumberKind = ({ kind }: LogicalType) => /^(u?int(8|16|32)|float(32|64)|date)$/.test(kind);
const timesOf = (unit: string) =>
  ({ s: ' / 1000n', ms: '', us: ' * 1000n', ns: ' * 1_000_000n' })[unit] ?? '';
