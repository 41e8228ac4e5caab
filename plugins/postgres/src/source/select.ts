import type { Json } from '@vp/plugin-sdk';
import type { Column, Relation } from '../catalogue/tables.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteText } from '../names.ts';
import type { PostgresSourceOptions } from '../options.ts';

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
  throw errors.VP_POSTGRES_OPTION({
    problem: `${JSON.stringify(state)} is no state of a PostgreSQL source`,
  });
}

/** A page range of a table: `from` inclusive, `to` exclusive; the last range is open. */
export interface PageRange {
  readonly from: number;
  readonly to?: number;
}

/** Cuts a table into about equal ranges of pages. */
export function pageRanges(pages: number, parts: number): readonly PageRange[] {
  const count = Math.max(1, Math.min(parts, Math.floor(pages / 128)));
  return Array.from({ length: count }, (_, index) => ({
    from: Math.floor((pages * index) / count),
    ...(index + 1 < count ? { to: Math.floor((pages * (index + 1)) / count) } : {}),
  }));
}

/** The columns that are read, in the order that was asked for. @throws VpError for an unknown one */
export function wantedColumns(
  relation: Relation,
  options: PostgresSourceOptions,
  names: readonly string[] | undefined,
): readonly Column[] {
  const typed = relation.columns.map((column): Column => {
    if (options.columns?.[column.field.name] === undefined) return column;
    const { field, read } = column;
    return {
      field: { ...field, type: { kind: 'utf8' }, nativeType: 'text' },
      read: { ...read, type: { kind: 'utf8' }, via: 'text' },
    };
  });
  if (names === undefined) return typed;
  return names.flatMap((name) => typed.filter(({ field }) => field.name === name));
}

/** The SELECT of a read. Names are quoted, texts are literals: COPY takes no parameters. */
export function selectOf(request: {
  readonly relation: Relation;
  readonly columns: readonly Column[];
  readonly options: PostgresSourceOptions;
  /** For another PostgreSQL: each column as its own type, but those that are asked for as text. */
  readonly native?: boolean;
  readonly range?: PageRange;
  readonly cursor?: { readonly above?: CursorState; readonly upTo: string };
}): string {
  const { relation, columns, options, native = false, range, cursor } = request;
  const list = columns.map(({ field, read }) => {
    const name = quoteName(field.name);
    const isText = native ? options.columns?.[field.name] !== undefined : read.via === 'text';
    return isText ? `${name}::text as ${name}` : name;
  });
  const conditions = [
    ...(options.where === undefined ? [] : [`(${options.where}\n)`]),
    ...(range === undefined ? [] : rangeConditions(range)),
    ...(cursor === undefined ? [] : cursorConditions(relation, options, cursor)),
  ];
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  return `select ${list.join(', ')} from ${relation.sql}${where}`;
}

function rangeConditions({ from, to }: PageRange): readonly string[] {
  return [
    ...(from === 0 ? [] : [`ctid >= '(${from},0)'`]),
    ...(to === undefined ? [] : [`ctid < '(${to},0)'`]),
  ];
}

function cursorConditions(
  relation: Relation,
  options: PostgresSourceOptions,
  { above, upTo }: { readonly above?: CursorState; readonly upTo: string },
): readonly string[] {
  const column = quoteName(options.cursor ?? '');
  const upper = `${column} <= ${quoteText(upTo)}`;
  if (above === undefined) return [upper];
  if (options.lag !== undefined) return [upper, `${column} >= ${lowered(relation, options, above.cursor)}`];
  const known =
    above.ties.length === 0
      ? ''
      : ` and ${keyText(relation, options)} not in (${above.ties.map(quoteText).join(', ')})`;
  const from = quoteText(above.cursor);
  return [upper, `(${column} > ${from} or (${column} = ${from}${known}))`];
}

function lowered(relation: Relation, options: PostgresSourceOptions, value: string): string {
  const column = relation.columns.find(({ field }) => field.name === options.cursor);
  const type = column?.read.native.name ?? 'text';
  const isTemporal = /^(timestamp|date|time)/.test(type);
  const lag = isTemporal
    ? `interval ${quoteText(options.lag ?? '')}`
    : `${quoteText(options.lag ?? '')}::numeric`;
  return `${quoteText(value)}::${type} - ${lag}`;
}

/** One text for a row's key: what tells rows with the same cursor apart. */
export function keyText(relation: Relation, options: PostgresSourceOptions): string {
  const key = options.key ?? relation.key;
  if (key.length === 0) return `(${relation.label.startsWith('a query') ? 'q' : relation.sql})::text`;
  return `jsonb_build_array(${key.map((name) => `${quoteName(name)}::text`).join(', ')})::text`;
}
