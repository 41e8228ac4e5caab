import type { CompiledQuery, Kysely } from 'kysely';
import type { MetadataTables } from './schema.ts';

/** Inserts rows by statements that are compiled once. */
export type BulkInsert<Row> = (db: Kysely<MetadataTables>, rows: readonly Row[]) => Promise<void>;

const rowsPerStatement = 40;

/**
 * Inserts many rows with few statements. `build` makes the statement for some rows that look like
 * `sample`; the parameters are the rows' columns in the order of the sample's.
 */
export function bulkInsert<Row extends object>(
  sample: Row,
  build: (rows: readonly Row[]) => CompiledQuery,
): BulkInsert<Row> {
  const columns = Object.keys(sample) as (keyof Row)[];
  const one = build([sample]);
  const many = build(Array.from({ length: rowsPerStatement }, () => sample));
  return async (db, rows) => {
    let next = 0;
    while (next < rows.length) {
      const isFull = rows.length - next >= rowsPerStatement;
      const taken = rows.slice(next, next + (isFull ? rowsPerStatement : 1));
      const parameters = taken.flatMap((row) => columns.map((column) => row[column]));
      await db.executeQuery({ ...(isFull ? many : one), parameters });
      next += taken.length;
    }
  };
}
