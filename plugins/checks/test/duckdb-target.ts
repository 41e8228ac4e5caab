import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Field, ValidationTarget, Value } from '@vp/plugin-sdk';

/** A checked relation in a real DuckDB, with the statements that were run. */
export interface DuckDbTarget extends ValidationTarget, Disposable {
  readonly statements: readonly string[];
}

/** Makes a table `data` from a SELECT, and `other` relations to refer to. */
export async function duckdbTarget(init: {
  readonly select: string;
  readonly related?: Readonly<Record<string, string>>;
  readonly pii?: readonly string[];
}): Promise<DuckDbTarget> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE data AS ${init.select}`);
  const related: Record<string, string> = {};
  for (const [name, select] of Object.entries(init.related ?? {})) {
    await connection.run(`CREATE TABLE "${name}" AS ${select}`);
    related[name] = `"${name}"`;
  }
  const described = await connection.runAndReadAll('SELECT * FROM data LIMIT 0');
  const fields: Field[] = described.columnNames().map((name) => ({
    name,
    type: { kind: 'utf8' },
    nullable: true,
    ...(init.pii?.includes(name) ? { tags: ['pii'] } : {}),
  }));
  const statements: string[] = [];
  return {
    asset: 'data',
    schema: { fields },
    relation: 'data',
    related,
    dialect: 'duckdb',
    statements,
    async query(sql) {
      statements.push(sql);
      const reader = await connection.runAndReadAll(sql);
      const columns = reader.getColumns().map((column) => column.map(plain));
      async function* batches() {
        if (reader.currentRowCount > 0) yield { length: reader.currentRowCount, columns };
      }
      return {
        schema: {
          fields: reader
            .columnNames()
            .map((name): Field => ({ name, type: { kind: 'utf8' }, nullable: true })),
        },
        batches: batches(),
        close: async () => undefined,
      };
    },
    [Symbol.dispose]: () => connection.closeSync(),
  };
}

function plain(value: DuckDBValue): Value {
  return value === null || typeof value === 'number' || typeof value === 'bigint' ? value : String(value);
}
