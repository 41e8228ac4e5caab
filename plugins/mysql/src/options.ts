import type { JsonObject } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** Types that a column may be read as instead of its own. */
export type ReadAs = 'utf8' | 'int8' | 'interval';

/** Options of `source('mysql', …)`. */
export interface MysqlSourceOptions {
  /** `orders`, `sales.orders`; parts with dots in backticks. */
  readonly table?: string;
  /** A SELECT instead of a table. */
  readonly query?: string;
  /** Only rows for which this SQL condition holds. */
  readonly where?: string;
  /** Read as another type than their own: `{ zero_dates: 'utf8', flag: 'int8', spent: 'interval' }`. */
  readonly columns?: Readonly<Record<string, ReadAs>>;
  /** Column that grows with each change of a row: only rows from where the last read ended. */
  readonly cursor?: string;
  /** Read so far before the cursor again: `1 hour`, `100`. */
  readonly lag?: string;
  /** Columns that identify a row, when the table has no primary key: rows that tie at the cursor are told apart by it. */
  readonly key?: readonly string[];
}

export function parseSourceOptions(options: JsonObject): MysqlSourceOptions {
  const parsed = options as MysqlSourceOptions;
  const fail = (problem: string) => errors.VP_MYSQL_OPTION({ problem });
  if ((parsed.table === undefined) === (parsed.query === undefined))
    throw fail('A MySQL source reads either a `table` or a `query`');
  if (parsed.lag !== undefined && parsed.cursor === undefined)
    throw fail('`lag` is a window before the `cursor`, and there is none');
  return parsed;
}

/** Options of `sink('mysql', …)`. */
export interface MysqlSinkOptions {
  /** `orders`, `sales.orders`; made when it is not there. */
  readonly table: string;
}

export function parseSinkOptions(options: JsonObject): MysqlSinkOptions {
  const { table } = options;
  if (typeof table === 'string' && table !== '') return { table };
  throw errors.VP_MYSQL_OPTION({ problem: 'A MySQL sink needs the `table` that it writes to' });
}
