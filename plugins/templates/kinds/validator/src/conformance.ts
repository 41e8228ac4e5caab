import { DatabaseSync } from 'node:sqlite';
import {
  batchesFromRows,
  type CheckSpec,
  type JsonObject,
  t,
  toTableSchema,
  type ValidationTarget,
} from '@vp/plugin-sdk';
import { defineConformance } from '@vp/plugin-sdk/conformance';
import { create{{class}}Validator } from './validator.ts';

const schema = toTableSchema({ id: t.int64(), name: t.text().nullable() });
const counts = toTableSchema({ total: t.int64(), broken: t.int64() });

/** A real database with data of which is known what is wrong with it. */
function openTarget(): ValidationTarget & Disposable {
  const database = new DatabaseSync(':memory:');
  database.exec(`create table people (id integer, name text);
    insert into people values (1, 'Ada'), (2, ''), (3, '   '), (4, null), (5, 'a much longer name')`);
  return {
    asset: 'people',
    schema,
    relation: 'people',
    related: {},
    dialect: 'sqlite',
    async query(sql) {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      const rows = statement.all();
      const columns = sql.includes('count(') ? counts : schema;
      return { schema: columns, batches: batchesFromRows(rows, columns), close: async () => {} };
    },
    [Symbol.dispose]: () => database.close(),
  };
}

const check = (rule: string, column: string, options: JsonObject = {}): CheckSpec => ({
  name: `${rule}(${column})`,
  rule: `{{snake}}_${rule}`,
  columns: [column],
  options,
  severity: 'error',
});

/** What `npm test` and `vp plugins conformance` prove the validator on. */
export default defineConformance({
  validators: {
    '{{id}}': {
      create() {
        const target = openTarget();
        return {
          open: () => create{{class}}Validator(),
          target: () => target,
          cases: [
            { check: check('not_blank', 'name'), status: 'failed', failures: 2, rows: 5 },
            { check: check('max_length', 'name', { max: 20 }), status: 'passed', failures: 0, rows: 5 },
            { check: check('max_length', 'name', { max: 3 }), status: 'failed', failures: 1, rows: 5 },
          ],
          dispose: async () => target[Symbol.dispose](),
        };
      },
    },
  },
});
