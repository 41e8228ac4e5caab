import type { JsonObject } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** Options of `source('postgres', …)`. */
export interface PostgresSourceOptions {
  /** `orders`, `sales.orders`; parts with dots or quotes in double quotes. */
  readonly table?: string;
  /** A SELECT instead of a table. */
  readonly query?: string;
  /** Only rows for which this SQL condition holds. */
  readonly where?: string;
  /** Read as text instead of their own type: `{ valid_until: 'utf8' }`. */
  readonly columns?: Readonly<Record<string, 'utf8'>>;
  /** Column that grows with each change of a row: only rows from where the last read ended. */
  readonly cursor?: string;
  /** Read so far before the cursor again, in the units of SQL: `1 hour`, `100`. */
  readonly lag?: string;
  /** Columns that identify a row, when the table has no primary key: rows that tie at the cursor are told apart by it. */
  readonly key?: readonly string[];
}

export function parseSourceOptions(options: JsonObject): PostgresSourceOptions {
  const parsed = options as PostgresSourceOptions;
  const fail = (problem: string) => errors.VP_POSTGRES_OPTION({ problem });
  if ((parsed.table === undefined) === (parsed.query === undefined))
    throw fail('A PostgreSQL source reads either a `table` or a `query`');
  if (parsed.lag !== undefined && parsed.cursor === undefined)
    throw fail('`lag` is a window before the `cursor`, and there is none');
  return parsed;
}

/** Options of `sink('postgres', …)`. */
export interface PostgresSinkOptions {
  /** `orders`, `sales.orders`; made when it is not there. */
  readonly table: string;
}

export function parseSinkOptions(options: JsonObject): PostgresSinkOptions {
  const { table } = options;
  if (typeof table === 'string' && table !== '') return { table };
  throw errors.VP_POSTGRES_OPTION({ problem: 'A PostgreSQL sink needs the `table` that it writes to' });
}
