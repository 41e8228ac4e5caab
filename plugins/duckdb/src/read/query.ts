import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import type { QueryResult } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { inspectQuery } from '../sql/inspect.ts';
import { quoteName } from '../sql/quote.ts';
import { relationOf } from '../sql/relation.ts';
import { plainSql, type RenderedSql } from '../sql/render.ts';
import { body, describeColumns, placeOf, prepareQuery, sqlError } from '../sql/statement.ts';
import type { Views } from '../sql/views.ts';
import type { StoredSnapshot } from '../storage/record.ts';
import type { SnapshotStore } from '../storage/snapshot-store.ts';
import { toLogicalType } from '../types/duck-type.ts';
import { type Loan, streamResult } from './result.ts';

interface QueryOptions {
  readonly loan: Loan;
  readonly pin: (snapshots: readonly StoredSnapshot[]) => () => void;
}

/** Runs a text of a user's, in which assets are tables. */
export async function queryText(
  options: QueryOptions & {
    readonly text: string;
    readonly store: SnapshotStore;
    readonly views: Views;
    /** Folders that the text may read files from; the first is what relative paths start from. */
    readonly roots: readonly string[];
  },
): Promise<QueryResult> {
  const { loan, text, store, views } = options;
  const { session } = loan;
  const unpins: (() => void)[] = [];
  const release = () => {
    for (const unpin of unpins) unpin();
  };
  try {
    for (const table of await inspectQuery(session, text, options.roots)) {
      const name = table.name.replace(/^(memory\.)?main\./, '');
      const current = store.current(name);
      if (current.length > 0) {
        unpins.push(options.pin(current));
        await views.expose(session, name, relationOf(current));
      } else if (!isOwn(name)) {
        const known = [...new Set((await store.snapshots()).map((s) => s.asset))].sort();
        const place = table.position === undefined ? undefined : placeOf(text, table.position);
        throw errors.VP_DUCKDB_TABLE_UNKNOWN(
          { name, known, excerpt: place?.excerpt ?? '' },
          {
            details: { name },
            ...(place === undefined ? {} : { at: { line: place.line, column: place.column } }),
          },
        );
      }
    }
    const sql = plainSql(text);
    const statement = await readable(session, sql, await prepareQuery(session, sql));
    return await streamResult({
      loan,
      statement,
      onError: (error) => sqlError(error, sql),
      onClose: release,
    });
  } catch (error) {
    release();
    throw error;
  }
}

/** Names of the engine's own catalog: views over inputs, and DuckDB's information schema. */
function isOwn(name: string): boolean {
  return (
    /^(vp_[0-9a-f]{20}|information_schema|pg_catalog)\./.test(name) ||
    /^(duckdb_\w+|pragma_\w+|sqlite_\w+|pg_\w+)$/.test(name)
  );
}

/** Runs a text with its inputs spelled out. */
export async function queryInputs(
  options: QueryOptions & { readonly sql: RenderedSql; readonly onClose: () => void },
): Promise<QueryResult> {
  const { loan, sql, onClose } = options;
  const statement = await readable(loan.session, sql, await prepareQuery(loan.session, sql));
  return streamResult({ loan, statement, onError: (error) => sqlError(error, sql), onClose });
}

/** Types that have no logical counterpart (BIT, UNION, …) are shown as text. */
async function readable(
  session: Session,
  sql: RenderedSql,
  statement: DuckDBPreparedStatement,
): Promise<DuckDBPreparedStatement> {
  if (sql.parameters.length > 0) return statement;
  const columns = await describeColumns(session, sql, statement);
  if (columns.every((c) => toLogicalType(c.duck) !== undefined)) return statement;
  const items = columns.map(({ name, duck }) =>
    toLogicalType(duck) === undefined
      ? `CAST(${quoteName(name)} AS VARCHAR) AS ${quoteName(name)}`
      : quoteName(name),
  );
  return session.prepare(`SELECT ${items.join(', ')} FROM (${body(sql.text)}\n)`);
}
