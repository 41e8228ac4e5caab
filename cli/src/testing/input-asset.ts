import type { AssetSpec, Field } from '@vp/contracts';
import { errors } from './errors.ts';

/** Rows as a test writes them: columns that may be NULL may be left out. */
export type GivenRows = readonly object[];

/** An asset that is nothing but these rows. */
export function inputAsset(name: string, upstream: AssetSpec | undefined, rows: GivenRows): AssetSpec {
  const schema = upstream?.schema;
  if (schema === undefined) throw errors.VP_TESTING_INPUT_SCHEMA({ input: name });
  const given = rows.map((row) => complete(row, schema.fields));
  return {
    $$type: '@vp/asset',
    version: 'v1',
    name,
    inputs: [],
    compute: {
      kind: 'transform',
      use: 'ts',
      options: {},
      code: {
        mode: 'batches',
        fn: async function* () {
          if (given.length > 0) yield given;
        },
      },
    },
    materialize: 'table',
    schema,
    checks: [],
    codeVersion: 'given rows',
  };
}

function complete(row: object, fields: readonly Field[]): object {
  const absent = fields.filter((field) => field.nullable && !(field.name in row));
  return { ...Object.fromEntries(absent.map((field) => [field.name, null])), ...row };
}
