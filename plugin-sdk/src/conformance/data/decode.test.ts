import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Payload, standardCsv, type TableSchema, t, toTableSchema } from '@vp/contracts';
import { expect, test } from 'vitest';
import { canonicalValue, ensureSameRows } from './canonical.ts';
import { decode } from './decode.ts';
import { parseText } from './parse-text.ts';

const schema = toTableSchema({
  id: t.int64(),
  name: t.text().nullable(),
  amount: t.decimal(18, 4).nullable(),
});

function stream(format: string, text: string, more: object = {}, of: TableSchema = schema): Payload {
  async function* bytes() {
    yield Buffer.from(text.slice(0, 7));
    yield Buffer.from(text.slice(7));
  }
  return { carrier: 'stream', format, schema: of, stream: bytes(), ...more };
}

test('CSV is read by its dialect: quotes, newlines, NULL and empty text', async () => {
  const text = 'id,name,amount\r\n9007199254740993,"a ""b""\n,c",1.5\r\n2,"",\r\n3,,-0.0001';
  expect(await decode(stream('csv', text, { csv: standardCsv }))).toEqual([
    { id: 9_007_199_254_740_993n, name: 'a "b"\n,c', amount: '1.5' },
    { id: 2n, name: '', amount: null },
    { id: 3n, name: null, amount: '-0.0001' },
  ]);
  const other = {
    ...standardCsv,
    delimiter: ';',
    quote: "'",
    escape: '\\',
    header: false,
    nullText: '\\N',
    skip: 1,
  };
  expect(await decode(stream('csv', "-- export\n1;'it\\'s';\\N\n", { csv: other }))).toEqual([
    { id: 1n, name: "it's", amount: null },
  ]);
});

test.each([
  ['a row of another width', 'id,name,amount\n1,a\n'],
  ['an end within quotes', 'id,name,amount\n1,"a,2\n'],
])('%s breaks the law', async (_, text) => {
  await expect(decode(stream('csv', text, { csv: standardCsv }))).rejects.toThrow(/CSV/);
});

test('JSON keeps all digits, and nested values', async () => {
  const nested = toTableSchema({
    id: t.int64(),
    amount: t.decimal(38, 0).nullable(),
    tags: t.list(t.text()).nullable(),
    point: t.struct({ x: t.int64() }).nullable(),
    raw: t.json().nullable(),
  });
  const line =
    '{"id": 9007199254740993, "amount": 12345678901234567890, "tags": ["a"], "point": {"x": 1}, "raw": {"n": 1.10}}';
  const row = {
    id: 9_007_199_254_740_993n,
    amount: '12345678901234567890',
    tags: ['a'],
    point: { x: 1n },
    raw: '{"n":1.10}',
  };
  const empty = { id: 1n, amount: null, tags: null, point: null, raw: null };
  expect(await decode(stream('ndjson', `${line}\n{"id": 1}\n`, {}, nested))).toEqual([row, empty]);
  expect(await decode(stream('json', `[${line}]`, {}, nested))).toEqual([row]);
});

test('files are unpacked, and columns of their path are added', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vp-decode-'));
  try {
    const uri = join(folder, 'a.csv.gz');
    await writeFile(uri, gzipSync('id,name\n1,a\n'));
    const files = [{ uri, compression: 'gzip' as const, partition: { amount: '1.5' } }];
    const payload: Payload = { carrier: 'files', format: 'csv', csv: standardCsv, schema, files };
    expect(await decode(payload)).toEqual([{ id: 1n, name: 'a', amount: '1.5' }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a format that the kit cannot read asks for a decoder, and takes the subject’s', async () => {
  const payload = stream('arrow', 'whatever');
  await expect(decode(payload)).rejects.toThrow(/decoders: \{ "arrow"/);
  expect(await decode(payload, { arrow: async () => [] })).toEqual([]);
});

test.each([
  [t.timestamp({ unit: 'us' }).type, '1969-12-31T23:59:59.999999', -1n],
  [t.timestamp({ unit: 'ns' }).type, '2023-11-14 22:13:20.123456789', 1_700_000_000_123_456_789n],
  [t.timestamp({ unit: 's', tz: 'UTC' }).type, '1970-01-01T02:30:00+02:30', 0n],
  [t.timestamp({ unit: 'ms' }).type, '1970-01-01T00:00:00Z', 0n],
  [t.time({ unit: 'ms' }).type, '23:59:59.5', 86_399_500n],
  [t.date().type, '1969-12-31', -1],
  [t.float64().type, '-inf', Number.NEGATIVE_INFINITY],
  [t.binary().type, '\\x0aff', new Uint8Array([10, 255])],
  [t.uuid().type, '0190B4DE-0000-7000-8000-00000000000A', '0190b4de-0000-7000-8000-00000000000a'],
])('%o from %s', (type, text, value) => {
  expect(parseText(type, text)).toEqual(value);
});

test('values are the same whichever way they are written, and others are not', () => {
  const { type } = t.decimal(10, 2);
  expect(canonicalValue(type, '1.5')).toBe(canonicalValue(type, '01.50'));
  expect(canonicalValue(type, '-0.00')).toBe(canonicalValue(type, '0'));
  expect(canonicalValue({ kind: 'int64' }, 1n)).not.toBe(canonicalValue({ kind: 'int64' }, 1));
  expect(canonicalValue({ kind: 'utf8' }, '')).not.toBe(canonicalValue({ kind: 'utf8' }, null));
  const [a, b] = [{ id: 1n }, { id: 2n }];
  const same = { schema: toTableSchema({ id: t.int64() }), actual: [a, b], expected: [b, a], what: 'it' };
  ensureSameRows(same);
  expect(() => ensureSameRows({ ...same, ordered: true })).toThrow(/another order/);
  expect(() => ensureSameRows({ ...same, actual: [a, a] })).toThrow(
    /2 rows of 2; missing: id=bigint:2; not expected/,
  );
});
