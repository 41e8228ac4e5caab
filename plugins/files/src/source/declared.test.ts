import type { Field, LogicalType, TableSchema } from '@vp/plugin-sdk';
import { describe, expect, test } from 'vitest';
import { callContext, openWorkbench } from '../../test/workbench.ts';

const money = { kind: 'decimal', precision: 12, scale: 2 } as const;
const declare = (types: Readonly<Record<string, LogicalType>>, more: Partial<Field> = {}): TableSchema => ({
  fields: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true, ...more })),
});

describe('an asset that declares its columns', () => {
  test.each([
    ['a.csv', 'zip,amount,n\n01234,1.10,1\n,,\n', {}],
    ['a.json', '[{"zip":"01234","amount":1.10,"n":1},{"zip":null,"amount":null,"n":null}]', {}],
    ['a.ndjson', '{"zip":"01234","amount":1.10,"n":1}\n{"zip":null,"amount":null,"n":null}\n', {}],
    [
      'b.json',
      '{"data":[{"zip":"01234","amount":1.10,"n":1},{"zip":null,"amount":null,"n":null}]}',
      { records: 'data' },
    ],
  ])('%s is read as its types', async (path, text, more) => {
    const bench = await openWorkbench();
    await bench.put(path, text);
    const schema = declare({ zip: { kind: 'utf8' }, amount: money, n: { kind: 'int32' } });
    const options = { path, ...more };
    expect(await bench.rows(options, schema)).toEqual([
      { zip: '01234', amount: '1.10', n: 1 },
      { zip: null, amount: null, n: null },
    ]);
    const [stream] = await bench.source.discover({ options }, callContext());
    const format = stream?.formats[0] ?? 'rows';
    const { parts } = await bench.source.read({ options, format, schema }, callContext());
    expect(parts[0]?.schema.fields.map((f) => f.type)).toEqual(schema.fields.map((f) => f.type));
  });

  test('a value that does not fit is an error with its row, and masked when it is personal', async () => {
    const bench = await openWorkbench();
    await bench.put('a.csv', 'amount\n1.10\n2.555\n');
    const at = { file: 'a.csv', row: 2 };
    const failure = await bench.failure({ path: 'a.csv' }, declare({ amount: money }));
    expect(failure).toMatchObject({ code: 'VP_FILES_VALUE', at });
    expect(failure.message).toContain('2.555');
    const tagged = declare({ amount: money }, { tags: ['pii'] });
    expect((await bench.failure({ path: 'a.csv' }, tagged)).message).not.toContain('2.555');
    await bench.put('a.json', '{"data":[{"amount":2.555}]}');
    const options = { path: 'a.json', records: 'data' };
    expect((await bench.failure(options, declare({ amount: money }))).message).toContain('2.555');
  });

  test('what `columns` says, what is not declared, and nested columns stay', async () => {
    const bench = await openWorkbench();
    await bench.put('a.ndjson', '{"a":1.5,"b":2,"c":[1]}\n');
    const options = { path: 'a.ndjson', columns: { a: 'utf8' } };
    const schema = declare({ a: money, c: { kind: 'utf8' }, gone: { kind: 'utf8' } });
    expect(await bench.rows(options, schema)).toEqual([{ a: '1.5', b: 2n, c: [1n] }]);
  });
});
