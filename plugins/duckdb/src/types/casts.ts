import { conversion, type ElementType, formatType, type LogicalType, type TimeUnit } from '@vp/plugin-sdk';
import { createCounter } from '../counter.ts';
import { errors } from '../errors.ts';
import { MARK } from '../native/native-error.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { toDuckType } from './duck-type.ts';

/** SQL that fails with a value error which names the column, its type and the value. */
export function failure(column: string, type: string, reason: string, value?: string): string {
  const head = quoteText(['VP', column, type, reason].join(MARK));
  return value === undefined
    ? `error(${head})`
    : `error(${head} || ${quoteText(MARK)} || CAST(${value} AS VARCHAR))`;
}

/**
 * An expression of type `from` as an expression of type `to` that loses nothing: values that do not
 * fit make the statement fail. @throws VpError when the types themselves do not fit
 */
export function castTo(x: string, from: LogicalType, to: LogicalType, column: string): string {
  const verdict = conversion(alignUnits(from, to), to);
  if (verdict.outcome === 'lossy' || verdict.outcome === 'never') {
    throw errors.VP_DUCKDB_SCHEMA_TYPE(
      { column, actual: formatType(from), declared: formatType(to), reason: verdict.reason },
      { details: { column, ...(verdict.outcome === 'lossy' ? { loss: verdict.loss } : {}) } },
    );
  }
  return cast(x, from, to, column);
}

const nextName = createCounter();

function cast(x: string, from: LogicalType, to: LogicalType, column: string): string {
  if (from.kind === 'utf8' || (from.kind === 'enum' && to.kind !== 'enum')) {
    return castText(from.kind === 'enum' ? `CAST(${x} AS VARCHAR)` : x, to, column);
  }
  if (from.kind === 'list' && to.kind === 'list') {
    const item = `i${nextName()}`;
    const inner = castElement(item, from.item, to.item, `${column}[]`);
    return inner === item ? x : `list_transform(${x}, lambda ${item}: ${inner})`;
  }
  if (from.kind === 'struct' && to.kind === 'struct') return castStruct(x, from, to, column);
  if (from.kind === 'map' && to.kind === 'map') {
    const entry = `e${nextName()}`;
    const key = cast(`${entry}.key`, from.key, to.key, `${column} key`);
    const value = castElement(`${entry}.value`, from.value, to.value, `${column} value`);
    if (key === `${entry}.key` && value === `${entry}.value`) return x;
    return `map_from_entries(list_transform(map_entries(${x}), lambda ${entry}: {'key': ${key}, 'value': ${value}}))`;
  }
  const target = toDuckType(to, column);
  const plain = toDuckType(from, column) === target ? x : `CAST(${x} AS ${target})`;
  const cut = cutUnits(from, to);
  if (cut === undefined) return plain;
  return `CASE WHEN epoch_us(${x}) % ${cut} <> 0 THEN ${failure(column, formatType(to), 'it has digits below the unit.', x)} ELSE ${plain} END`;
}

function castElement(x: string, from: ElementType, to: ElementType, column: string): string {
  const inner = cast(x, from.type, to.type, column);
  if (to.nullable || !from.nullable) return inner;
  return `CASE WHEN ${x} IS NULL THEN ${failure(column, '', 'null')} ELSE ${inner} END`;
}

type Struct = Extract<LogicalType, { kind: 'struct' }>;

function castStruct(x: string, from: Struct, to: Struct, column: string): string {
  let isSame = from.fields.length === to.fields.length;
  const members = to.fields.map((f, index) => {
    const source = from.fields.find((s) => s.name === f.name);
    const access = `${x}.${quoteName(f.name)}`;
    const name = `${column}.${f.name}`;
    const inner =
      source === undefined
        ? f.nullable
          ? `CAST(NULL AS ${toDuckType(f.type, name)})`
          : failure(name, '', 'null')
        : castElement(access, source, f, name);
    isSame &&= inner === access && from.fields[index]?.name === f.name;
    return `${quoteText(f.name)}: ${inner}`;
  });
  return isSame ? x : `CASE WHEN ${x} IS NULL THEN NULL ELSE {${members.join(', ')}} END`;
}

const fractionDigits: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/**
 * Text as a value of `to`. DuckDB's own cast rounds `1.5` to an integer, cuts digits of decimals and
 * seconds, and drops the time of a date: such texts fail instead. The tests are ordered so that
 * ordinary values pass the cheap ones.
 */
export function castText(x: string, to: LogicalType, column: string): string {
  const plain = `CAST(${x} AS ${toDuckType(to, column)})`;
  const guard = (suspicious: string, good: string | undefined, reason: string) => {
    const fail = failure(column, formatType(to), reason, x);
    const otherwise =
      good === undefined
        ? fail
        : `CASE WHEN regexp_full_match(${x}, ${quoteText(good)}) THEN ${plain} ELSE ${fail} END`;
    return `CASE WHEN ${suspicious} THEN ${otherwise} ELSE ${plain} END`;
  };
  const hasExponent = `contains(${x}, 'e') OR contains(${x}, 'E')`;
  switch (to.kind) {
    case 'utf8':
      return x;
    case 'binary':
      return `encode(${x})`;
    case 'decimal':
      return guard(
        `(contains(${x}, '.') AND length(${x}) - instr(${x}, '.') > ${to.scale}) OR ${hasExponent}`,
        `\\s*[+-]?\\d*\\.\\d{0,${to.scale}}0*\\s*`,
        `more than ${to.scale} digits after the point, or an exponent.`,
      );
    case 'date':
      return guard(`contains(${x}, ':')`, undefined, 'it has a time of day.');
    case 'time':
    case 'timestamp': {
      const digits = fractionDigits[to.unit];
      const tooFine = quoteText(`\\.\\d{${digits}}\\d*[1-9]`);
      return guard(
        `contains(${x}, '.') AND regexp_matches(${x}, ${tooFine})`,
        undefined,
        `it has digits below 1 ${to.unit}.`,
      );
    }
    default:
      if (!/^u?int/.test(to.kind)) return plain;
      return guard(
        `contains(${x}, '.') OR ${hasExponent}`,
        '\\s*[+-]?\\d+\\.0*\\s*',
        'it is no whole number.',
      );
  }
}

/** DuckDB has times and zoned timestamps only in microseconds: a coarser declared unit is checked by value. */
function cutUnits(from: LogicalType, to: LogicalType): number | undefined {
  const isTime = from.kind === 'time' && to.kind === 'time';
  const isZoned =
    from.kind === 'timestamp' && to.kind === 'timestamp' && from.tz !== undefined && to.tz !== undefined;
  if ((!isTime && !isZoned) || from.unit !== 'us') return undefined;
  return to.unit === 's' ? 1_000_000 : to.unit === 'ms' ? 1_000 : undefined;
}

/** `from` with the unit and zone of `to` where DuckDB's type does not tell them apart. */
function alignUnits(from: LogicalType, to: LogicalType): LogicalType {
  if (from.kind === 'time' && to.kind === 'time') return cutUnits(from, to) === undefined ? from : to;
  if (from.kind === 'timestamp' && to.kind === 'timestamp') {
    if (from.tz === undefined || to.tz === undefined) return from;
    return cutUnits(from, to) === undefined ? { ...from, tz: to.tz } : to;
  }
  const element = (a: ElementType, b: ElementType): ElementType => ({
    ...a,
    type: alignUnits(a.type, b.type),
  });
  if (from.kind === 'list' && to.kind === 'list') return { ...from, item: element(from.item, to.item) };
  if (from.kind === 'map' && to.kind === 'map') {
    return { ...from, key: alignUnits(from.key, to.key), value: element(from.value, to.value) };
  }
  if (from.kind === 'struct' && to.kind === 'struct') {
    const targets = new Map(to.fields.map((f) => [f.name, f]));
    const fields = from.fields.map((f) => {
      const target = targets.get(f.name);
      return target === undefined ? f : { ...f, type: alignUnits(f.type, target.type) };
    });
    return { ...from, fields };
  }
  return from;
}
