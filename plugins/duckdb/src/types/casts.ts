import { conversion, type ElementType, formatType, type LogicalType } from '@vp/plugin-sdk';
import { createCounter } from '../counter.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { toDuckType } from './duck-type.ts';
import { failure } from './failure.ts';
import { castText } from './text-cast.ts';

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
