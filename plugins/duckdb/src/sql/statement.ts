import type { DuckDBPreparedStatement, DuckDBType } from '@duckdb/node-api';
import { describeThrown, isVpError, type VpError } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { commonError, firstLine, parseDuckError, toVpError } from '../native/native-error.ts';
import type { ActualColumn } from '../stage/project.ts';
import { toLogicalType } from '../types/duck-type.ts';
import { charOffset } from './offsets.ts';
import { bindAll, type RenderedSql } from './render.ts';

const SELECT = 1;
const EXPLAIN = 4;

/** Prepares and binds one read-only statement. @throws VpError that points into the author's text */
export async function prepareQuery(session: Session, sql: RenderedSql): Promise<DuckDBPreparedStatement> {
  try {
    const statement = await session.prepare(sql.text);
    if (statement.statementType !== SELECT && statement.statementType !== EXPLAIN) {
      throw errors.VP_DUCKDB_NOT_A_QUERY({ reason: 'the statement would change something' });
    }
    bindAll(session.native, statement, sql);
    return statement;
  } catch (error) {
    session.signal.throwIfAborted();
    throw sqlError(error, sql);
  }
}

/** The result's columns without running the query. */
export async function describeColumns(
  session: Session,
  sql: RenderedSql,
  statement: DuckDBPreparedStatement,
): Promise<readonly { readonly name: string; readonly duck: DuckDBType }[]> {
  const names = Array.from({ length: statement.columnCount }, (_, i) => statement.columnName(i));
  if (sql.parameters.length === 0) return names.map((name, i) => ({ name, duck: statement.columnType(i) }));
  // Types that hang on a parameter are known once it is bound and the statement is planned.
  const before = 'SELECT * FROM (';
  try {
    const empty = await session.prepare(`${before}${body(sql.text)}\n) LIMIT 0`);
    bindAll(session.native, empty, sql);
    const result = await empty.run();
    // Where a parameter's type is open until it is bound, DuckDB tells of one column, "unknown".
    const isKnown = names.length === result.columnCount && names[0] !== 'unknown';
    return (isKnown ? names : result.columnNames()).map((name, i) => ({ name, duck: result.columnType(i) }));
  } catch (error) {
    session.signal.throwIfAborted();
    throw sqlError(error, sql, before.length);
  }
}

/** The columns as they would be stored. @throws VpError for a type that cannot be */
export function toActualColumns(
  columns: readonly { readonly name: string; readonly duck: DuckDBType }[],
): readonly ActualColumn[] {
  return columns.map(({ name, duck }) => {
    const type = toLogicalType(duck);
    const native = duck.toString();
    if (type === undefined) {
      const reason = 'it has no counterpart in the logical types';
      throw errors.VP_DUCKDB_TYPE_UNSUPPORTED(
        { column: name, type: native, reason },
        { details: { column: name } },
      );
    }
    const isWidened = /HUGEINT|\[\d+\]/.test(native);
    return isWidened
      ? {
          name,
          type,
          nativeType: native,
          expression: `CAST("${name.replaceAll('"', '""')}" AS ${castableType(native)})`,
        }
      : { name, type };
  });
}

function castableType(native: string): string {
  return native.replaceAll(/U?HUGEINT/g, 'DECIMAL(38,0)').replaceAll(/\[\d+\]/g, '[]');
}

/** The statement without what ends it, so that it can stand in parentheses. */
export function body(text: string): string {
  let end = text.length;
  let index = 0;
  while (index < text.length) {
    const rest = text.slice(index);
    const skip = /^(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$)/.exec(
      rest,
    );
    if (skip !== null) {
      index += skip[0].length;
      continue;
    }
    if (text[index] === ';') {
      end = index;
      break;
    }
    index += 1;
  }
  return text.slice(0, end);
}

/** DuckDB's error about a SQL text as ours, with the place in the author's text. */
export function sqlError(
  thrown: unknown,
  sql: RenderedSql,
  offset = 0,
  known: readonly string[] = [],
): VpError {
  if (isVpError(thrown)) return thrown;
  const duck = parseDuckError(thrown);
  if (duck === undefined) return toVpError(thrown);
  const position = duck.position === undefined ? undefined : duck.position - offset;
  const isInside = position !== undefined && position >= 0 && position <= Buffer.byteLength(sql.text);
  const place = isInside ? placeOf(sql.source, sql.toSource(position)) : undefined;
  const excerpt = place === undefined ? '' : place.excerpt;
  const context = {
    cause: thrown,
    ...(place === undefined ? {} : { at: { line: place.line, column: place.column } }),
  };
  if (duck.type === 'Parser' || duck.type === 'Syntax') {
    return errors.VP_DUCKDB_SQL_SYNTAX(
      { reason: duck.message.split('\n')[0] ?? duck.message, excerpt },
      context,
    );
  }
  if (duck.type === 'Catalog' && duck.kind === 'Table') {
    const name = duck.name ?? '';
    return errors.VP_DUCKDB_TABLE_UNKNOWN(
      { name, known: known.length > 0 ? known : duck.candidates, excerpt },
      context,
    );
  }
  if (duck.subtype === 'COLUMN_NOT_FOUND') {
    return errors.VP_DUCKDB_COLUMN_UNKNOWN(
      { name: duck.name ?? '', known: duck.candidates, excerpt },
      context,
    );
  }
  if (/Cannot prepare multiple statements/.test(duck.message)) {
    return errors.VP_DUCKDB_NOT_A_QUERY({ reason: 'these are several statements' }, { cause: thrown });
  }
  if (/No statement to prepare/.test(duck.message)) {
    return errors.VP_DUCKDB_NOT_A_QUERY({ reason: 'the text is empty' }, { cause: thrown });
  }
  const common = commonError(duck, thrown);
  if (common !== undefined) return place === undefined ? common : withPlace(common, place);
  if (
    ['Binder', 'Catalog', 'Invalid Input', 'Not implemented', 'Invalid Type', 'Permission'].includes(
      duck.type,
    )
  ) {
    return errors.VP_DUCKDB_SQL(
      { reason: duck.message.split('\n\nLINE ')[0] ?? duck.message, excerpt },
      context,
    );
  }
  return errors.VP_DUCKDB_INTERNAL({ reason: firstLine(describeThrown(thrown)) }, context);
}

function withPlace(error: VpError, place: { readonly line: number; readonly column: number }): VpError {
  return Object.assign(error, { at: error.at ?? { line: place.line, column: place.column } });
}

/** Line, column and a marked excerpt of an offset, in bytes as DuckDB counts, in a text. */
export function placeOf(text: string, byte: number): { line: number; column: number; excerpt: string } {
  const offset = charOffset(text, byte);
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  const whole = text.split('\n')[line - 1] ?? '';
  const from = Math.max(0, column - 60);
  const shown = whole.slice(from, from + 100).replaceAll('\t', ' ');
  const label = `${line} | `;
  return { line, column, excerpt: `\n${label}${shown}\n${' '.repeat(label.length + column - 1 - from)}^` };
}
