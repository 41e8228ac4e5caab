import type { Json } from '@vp/plugin-sdk';
import type { Column, Relation } from '../catalogue/tables.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteText } from '../names.ts';
import type { MysqlSourceOptions } from '../options.ts';
import { readAs } from '../types/native-type.ts';

/**
 * Where a read with a cursor ended: the highest value that was seen, as the server writes it, and the keys
 * of the rows that have it. The next read begins at that value and passes over those rows, so that a row
 * which came later with the same value is not lost.
 */
export interface CursorState {
  readonly cursor: string;
  readonly ties: readonly string[];
}

export function parseState(state: Json | undefined): CursorState | undefined {
  if (state === undefined || state === null) return undefined;
  if (typeof state === 'object' && 'cursor' in state && 'ties' in state) {
    const { cursor, ties } = state;
    const isList = Array.isArray(ties) && ties.every((tie) => typeof tie === 'string');
    if (typeof cursor === 'string' && isList) return { cursor, ties };
  }
  throw errors.VP_MYSQL_OPTION({ problem: `${JSON.stringify(state)} is no state of a MySQL source` });
}

/** A range of the first column of the key: `from` inclusive, `to` exclusive; both ends may be open. */
export interface KeyRange {
  readonly column: string;
  readonly from?: bigint;
  readonly to?: bigint;
}

/** The columns that are read, in the order that was asked for. @throws VpError for one that cannot be read so */
export function wantedColumns(
  relation: Relation,
  options: MysqlSourceOptions,
  names: readonly string[] | undefined,
): readonly Column[] {
  const wanted = options.columns ?? {};
  const stray = Object.keys(wanted).find(
    (name) => !relation.columns.some(({ field }) => field.name === name),
  );
  if (stray !== undefined)
    throw errors.VP_MYSQL_OPTION({
      problem: `\`columns\` names "${stray}", which is no column of ${relation.label}`,
    });
  const typed = relation.columns.map((column): Column => {
    const { field, read } = column;
    const as = wanted[field.name];
    if (as === undefined) return column;
    const other = readAs(read, as);
    if (other === undefined)
      throw errors.VP_MYSQL_OPTION({
        problem: `Column "${field.name}" (${field.nativeType}) cannot be read as ${as}`,
      });
    const { nativeType: _, ...plain } = field;
    return { ...column, read: other, field: { ...plain, type: other.type } };
  });
  if (names === undefined) return typed;
  return names.flatMap((name) => typed.filter(({ field }) => field.name === name));
}

/** The SELECT of a read. */
export function selectOf(request: {
  readonly relation: Relation;
  readonly columns: readonly Column[];
  readonly options: MysqlSourceOptions;
  readonly range?: KeyRange;
  readonly cursor?: { readonly above?: CursorState; readonly upTo: string };
}): string {
  const { relation, columns, options, range, cursor } = request;
  const conditions = [
    ...(options.where === undefined ? [] : [`(${options.where}\n)`]),
    ...(range === undefined ? [] : rangeConditions(range)),
    ...(cursor === undefined ? [] : cursorConditions(relation, options, cursor)),
  ];
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return `select ${columns.map(exactly).join(', ')} from ${relation.sql}${where}`;
}

/** FLOAT is sent with six digits: as DOUBLE it has all that it needs. The factor keeps the zero's sign. */
function exactly({ field, read }: Column): string {
  const name = quoteName(field.name);
  return read.via === 'float' || read.via === 'double' ? `${name} * 1e0 as ${name}` : name;
}

function rangeConditions({ column, from, to }: KeyRange): readonly string[] {
  const name = quoteName(column);
  return [
    ...(from === undefined ? [] : [`${name} >= ${from}`]),
    ...(to === undefined ? [] : [`${name} < ${to}`]),
  ];
}

function cursorConditions(
  relation: Relation,
  options: MysqlSourceOptions,
  { above, upTo }: { readonly above?: CursorState; readonly upTo: string },
): readonly string[] {
  const column = cursorColumn(relation, options);
  const name = quoteName(column.field.name);
  const upper = `${name} <= ${literal(column, upTo)}`;
  if (above === undefined) return [upper];
  const from = literal(column, above.cursor);
  if (options.lag !== undefined) return [upper, `${name} >= ${lowered(column, from, options.lag)}`];
  const known =
    above.ties.length === 0
      ? ''
      : ` and ${keyText(relation, options)} not in (${above.ties.map(quoteText).join(', ')})`;
  return [upper, `(${name} > ${from} or (${name} = ${from}${known}))`];
}

export function cursorColumn(relation: Relation, { cursor }: MysqlSourceOptions): Column {
  const column = relation.columns.find(({ field }) => field.name === cursor);
  if (column !== undefined) return column;
  const names = relation.columns.map(({ field }) => field.name).join(', ');
  throw errors.VP_MYSQL_OPTION({
    problem: `The cursor "${cursor}" is no column of ${relation.label} (${names})`,
  });
}

/** A value of the cursor's column in SQL. A number in quotes would be compared as a float. */
export function literal({ read }: Column, value: string): string {
  const isNumber = ['int', 'bigint', 'decimal', 'float', 'double', 'bool'].includes(read.via);
  if (!isNumber) return quoteText(value);
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value))
    throw errors.VP_MYSQL_OPTION({ problem: `${JSON.stringify(value)} is no value of a numeric cursor` });
  const isFloat = read.via === 'float' || read.via === 'double';
  return isFloat && !value.includes('e') ? `${value}e0` : value;
}

function lowered({ read, field }: Column, value: string, lag: string): string {
  if (['date', 'datetime', 'time'].includes(read.via)) {
    const [, count, unit] =
      /^\s*(\d+)\s*(microsecond|second|minute|hour|day|week|month|quarter|year)s?\s*$/i.exec(lag) ?? [];
    if (unit === undefined)
      throw errors.VP_MYSQL_OPTION({
        problem: `\`lag\` of "${field.name}" is a time such as "1 hour", not ${JSON.stringify(lag)}`,
      });
    const as = read.via === 'time' ? 'time(6)' : 'datetime(6)';
    return `cast(${value} as ${as}) - interval ${count} ${unit}`;
  }
  if (!/^\s*\d+(\.\d+)?\s*$/.test(lag))
    throw errors.VP_MYSQL_OPTION({
      problem: `\`lag\` of "${field.name}" is a number, not ${JSON.stringify(lag)}`,
    });
  // Below zero an unsigned column has nothing, and the server refuses to compute it.
  return `cast(${value} as decimal(65,10)) - ${lag.trim()}`;
}

/** One text for a row's key: what tells rows with the same cursor apart, whatever collation its columns have. */
export function keyText(relation: Relation, options: MysqlSourceOptions): string {
  const key = options.key ?? relation.key;
  const names = key.length === 0 ? relation.columns.map(({ field }) => field.name) : key;
  const parts = names.map((name) => {
    const column = relation.columns.find(({ field }) => field.name === name);
    if (column === undefined)
      throw errors.VP_MYSQL_OPTION({ problem: `The key "${name}" is no column of ${relation.label}` });
    const sql = exactly(column).replace(/ as `.*$/s, '');
    const { via } = column.read;
    const text = via === 'bytes' || via === 'text' || via === 'enum' ? sql : `cast(${sql} as char)`;
    return `coalesce(hex(${text}), '-')`;
  });
  const all = `concat_ws('.', ${parts.join(', ')})`;
  return key.length === 0 ? `sha2(${all}, 256)` : all;
}
