import { isVpError, type VpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  allPartitions,
  asset,
  check,
  daily,
  hourly,
  partition,
  partitionProduct,
  partitionWindow,
  pipeline,
  publish,
  sink,
  source,
  sql,
  staticPartitions,
  t,
} from '../index.ts';
import { assetOptionKeys } from './asset.ts';

function thrown(run: () => unknown): VpError {
  try {
    run();
  } catch (error) {
    if (isVpError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Calls as JavaScript makes them. */
const loose = asset as (name: unknown, options?: unknown) => ReturnType<typeof asset>;
const files = source('files', { path: 'x' });
const flights = asset('flights', { source: files, schema: { id: t.int64(), delay: t.int32() }, key: ['id'] });

describe('asset', () => {
  test('is plain JSON with its place', () => {
    const one = asset('shop.late', {
      sql: sql`select ${flights.columns.id}, ${1} from ${flights}`,
      description: 'd',
      retries: 2,
      timeout: '90s',
      checks: [check.unique('id').warn()],
      schema: { id: t.int64() },
    });
    expect(JSON.parse(JSON.stringify(one))).toMatchObject({
      $$type: '@vp/asset',
      name: 'shop.late',
      inputs: [{ asset: 'flights', as: 'flights' }],
      compute: {
        kind: 'sql',
        sql: {
          strings: ['select ', ', ', ' from ', ''],
          parts: [
            { kind: 'column', name: 'id' },
            { kind: 'value', value: 1 },
            { kind: 'input', as: 'flights' },
          ],
        },
      },
      materialize: 'table',
      checks: [{ name: 'unique(id)', rule: 'unique', columns: ['id'], severity: 'warn' }],
      policy: { retries: 2, timeoutMs: 90_000 },
    });
    expect(Object.keys(one)).not.toContain('columns');
    expect(one.origin?.file).toBe(import.meta.filename);
  });

  test.each(assetOptionKeys)('every typo of one character of "%s" is answered by it', (key) => {
    for (const typo of typos(key)) {
      if (assetOptionKeys.some((other) => other === typo)) continue;
      const error = thrown(() => loose('x', { [typo]: 1 }));
      expect(error.code).toBe('VP_AUTHORING_OPTION_UNKNOWN');
      const answer = /^Did you mean "(\w+)"\?$/.exec(error.hint ?? '')?.[1] ?? '';
      // "taks" is as near to "tags" as to "task".
      expect(typos(answer).has(typo) || answer === key, `${typo}: ${error.hint}`).toBe(true);
    }
  });

  const code = () => ({ id: 1n });
  test.each<[string, string, unknown]>([
    ['VP_AUTHORING_COMPUTE_MISSING', 'x', { schema: { id: t.int64() } }],
    ['VP_AUTHORING_COMPUTE_AMBIGUOUS', 'x', { source: files, sql: sql`select 1` }],
    ['VP_AUTHORING_OPTION_MISSING', 'x', { from: flights, rows: code }],
    ['VP_AUTHORING_OPTION_MISSING', 'x', { rows: code, schema: { id: t.int64() } }],
    ['VP_AUTHORING_OPTION_MISSING', 'x', { inputs: {}, batches: code }],
    ['VP_AUTHORING_OPTION_MISPLACED', 'x', { sql: sql`select 1`, from: flights }],
    ['VP_AUTHORING_OPTION_MISPLACED', 'x', { task: code, schema: { id: t.int64() } }],
    ['VP_AUTHORING_NAME_INVALID', 'Flights', { source: files }],
    ['VP_AUTHORING_NAME_INVALID', 'a-b', { source: files }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', undefined],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { source: 'files' }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { sql: 'select 1' }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { source: files, schema: { id: 'int64' } }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { source: files, schema: {} }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { source: files, timeout: 'soon' }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { source: files, retries: -1 }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { source: files, checks: ['not_null'] }],
    ['VP_AUTHORING_OPTION_INVALID', 'x', { from: 'flights', rows: code, schema: { id: t.int64() } }],
    ['VP_AUTHORING_COLUMN_UNKNOWN', 'x', { source: files, schema: { id: t.int64() }, key: ['ids'] }],
    [
      'VP_AUTHORING_COLUMN_UNKNOWN',
      'x',
      { source: files, schema: { id: t.int64() }, checks: [check.compare('id', '<', 'di')] },
    ],
    [
      'VP_AUTHORING_DUPLICATE',
      'x',
      { source: files, checks: [check.unique('id'), check.unique('id').warn()] },
    ],
    ['VP_AUTHORING_PARTITION_MISSING', 'x', { sql: sql`select ${partition.start}` }],
    [
      'VP_AUTHORING_PARTITION_MISSING',
      'x',
      { sql: sql`select ${partition.start}`, partitions: staticPartitions(['a']) },
    ],
  ])('%s: asset(%j)', (expected, name, options) => {
    const error = thrown(() => loose(name, options));
    expect(error.code).toBe(expected);
    expect(error.exitCode).toBe(3);
    expect(error.at?.file).toBe(import.meta.filename);
  });

  test('a misspelt column of an asset is answered by the right one', () => {
    const { columns } = flights as { columns: Record<string, unknown> };
    expect(thrown(() => columns.dely).hint).toBe('Did you mean "delay"?');
    const { columns: none } = asset('none', { source: files }) as unknown as {
      columns: Record<string, unknown>;
    };
    expect(thrown(() => none.dely).hint).toContain('schema');
  });

  test('the code version follows the code, not its formatting', () => {
    const version = (rows: (row: { readonly id: bigint }) => { id: bigint }) =>
      asset('x', { from: flights, schema: { id: t.int64() }, rows }).codeVersion;
    expect(version((row) => ({ id: row.id + 1n }))).not.toBe(version((row) => ({ id: row.id + 2n })));
    expect(asset('x', { source: files, version: '7' }).codeVersion).toBe('version 7');
  });
});

describe('sql', () => {
  test('fragments are flattened, bigints are spliced in, the same asset is one input', () => {
    const where = sql`where ${flights.columns.id} > ${2n ** 60n}`;
    const { compute, inputs } = asset('x', {
      sql: sql`select * from ${flights} ${where} union from ${flights}${sql.raw(';')}`,
    });
    expect(compute).toMatchObject({
      sql: {
        strings: ['select * from ', ' where ', ' > 1152921504606846976 union from ', ';'],
        parts: [
          { kind: 'input', as: 'flights' },
          { kind: 'column', name: 'id' },
          { kind: 'input', as: 'flights' },
        ],
      },
    });
    expect(inputs).toEqual([{ asset: 'flights', as: 'flights' }]);
  });

  test('the same asset with other partitions is another input', () => {
    const { inputs } = asset('x', {
      sql: sql`from ${flights}, ${allPartitions(flights)}, ${partitionWindow(flights, { from: -6, to: 0 })}, ${flights}`,
      partitions: daily({ start: '2001-01-01' }),
    });
    expect(inputs).toEqual([
      { asset: 'flights', as: 'flights' },
      { asset: 'flights', as: 'flights_2', partitions: { kind: 'all' } },
      { asset: 'flights', as: 'flights_3', partitions: { kind: 'window', from: -6, to: 0 } },
    ]);
  });

  test('a hole that is nothing is refused with its place', () => {
    const nothing = undefined as unknown as string;
    expect(thrown(() => sql`select 1 from ${nothing}`).message).toBe(
      'Hole 1 of the sql template (after "select 1 from") holds undefined, which cannot stand in SQL.',
    );
    expect(thrown(() => sql`select ${Number.NaN}`).code).toBe('VP_AUTHORING_SQL_HOLE');
  });
});

describe('partitions', () => {
  test('several dimensions are a product', () => {
    const spec = partitionProduct(
      hourly({ start: '2001-01-01', name: 'hour' }),
      staticPartitions(['a'], { name: 'b' }),
    );
    expect(spec.dimensions.map((d) => `${d.kind} ${d.name}`)).toEqual(['time hour', 'static b']);
    expect(thrown(() => partitionProduct(spec, spec)).code).toBe('VP_AUTHORING_DUPLICATE');
  });

  test.each([
    { start: '2001-02-30' },
    { start: 'yesterday' },
    { start: '2001-01-01', end: '2000-01-01' },
    { start: '2001-01-01', timezone: 'Mars/Olympus' },
    { start: '2001-01-01', name: 'Day' },
  ])('%j is refused', (options) => {
    expect(thrown(() => daily(options)).class).toBe('config');
  });
  test('values are different texts', () => {
    for (const values of [[], ['a', 'a'], ['']])
      expect(thrown(() => staticPartitions(values)).class).toBe('config');
  });
});

describe('source, publish, pipeline', () => {
  test('options are JSON, the connection stands apart', () => {
    expect(source('postgres', { connection: 'shop', table: 'a', cursor: undefined })).toMatchObject({
      use: 'postgres',
      connection: 'shop',
      options: { table: 'a' },
    });
    expect(thrown(() => source('x', { a: [{ at: new Date() }] })).message).toContain('a[0].at');
  });

  test('merge takes the key of the asset, and needs one', () => {
    expect(publish(flights, sink('files', { path: 'o' }), { mode: 'merge' }).key).toEqual(['id']);
    const none = asset('none', { source: files });
    expect(thrown(() => publish(none, sink('files', { path: 'o' }), { mode: 'merge' })).code).toBe(
      'VP_AUTHORING_OPTION_MISSING',
    );
    const task = asset('task', { task: () => undefined });
    expect(thrown(() => publish(task, sink('files', { path: 'o' }))).code).toBe(
      'VP_AUTHORING_OPTION_MISPLACED',
    );
  });

  test('a pipeline has all that its assets need, upstream first; 20,000 in a chain too', () => {
    let last = asset('a0', { sql: sql`select 1` });
    for (let n = 1; n < 20_000; n++) last = asset(`a${n}`, { sql: sql`from ${last}` });
    const { assets } = pipeline({ assets: [last] });
    expect(assets).toHaveLength(20_000);
    expect(assets[0]?.name).toBe('a0');
  });

  test('two assets of one name are refused, naming both lines', () => {
    const other = asset('flights', { source: files });
    const error = thrown(() => pipeline({ assets: [flights, other] }));
    expect(error.message.match(/asset\.test\.ts:\d+/g)).toHaveLength(2);
  });
});

function typos(word: string): ReadonlySet<string> {
  const letters = [...'abcdefghijklmnopqrstuvwxyz_'];
  const made = new Set<string>();
  for (let i = 0; i <= word.length; i++) {
    for (const letter of letters) made.add(word.slice(0, i) + letter + word.slice(i));
    if (i === word.length) continue;
    made.add(word.slice(0, i) + word.charAt(i + 1) + word.charAt(i) + word.slice(i + 2));
    made.add(word.slice(0, i) + word.slice(i + 1));
    for (const letter of letters) made.add(word.slice(0, i) + letter + word.slice(i + 1));
  }
  made.delete(word);
  made.delete('');
  return made;
}
