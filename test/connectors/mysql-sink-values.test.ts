import { type Row, rowsPayload, standardCsv, t, toTableSchema } from '@vp/plugin-sdk';
import { testContext } from '@vp/plugin-sdk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  hasMariaDb,
  kernelOf,
  openDatabase,
  openSink,
  openSource,
  pieces,
  rowsOf,
  type TestDatabase,
  write,
} from './mysql-lib.ts';

const database = 'sink_values';
let db: TestDatabase;

beforeAll(async () => {
  if (hasMariaDb) db = await openDatabase(database);
});
afterAll(() => db?.end());

const tables = async () => {
  const found = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = '${database}'`,
  );
  return found.map(({ name }) => name);
};

describe.skipIf(!hasMariaDb)('values, names and CSV into MariaDB', () => {
  const every = toTableSchema({
    a: t.int8(),
    b: t.uint64(),
    c: t.decimal(65, 30),
    d: t.timestamp({ unit: 'us', tz: 'UTC' }),
    e: t.time({ unit: 'us' }),
    h: t.json(),
    i: t.binary(),
    j: t.float32(),
    k: t.date(),
    l: t.uuid(),
    m: t.timestamp({ unit: 'ms' }),
    n: t.text(),
    o: t.bool(),
  });
  const extremes: Row = {
    a: -128,
    b: 18_446_744_073_709_551_615n,
    c: `-${'9'.repeat(35)}.${'1'.repeat(30)}`,
    d: 2_147_483_647_999_999n,
    e: 86_399_999_999n,
    h: '{"b":1,"a":1.10,"b":12345678901234567890}',
    i: Uint8Array.of(0, 9, 10, 13, 26, 92, 255),
    j: Math.fround(0.1),
    k: -719_528,
    l: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    m: 253_402_300_799_999n,
    n: '\0\t\n\r\\N \\ \u001a 😀 ',
    o: false,
  };

  test('types and values come back from a table that was made for them, by LOAD DATA and by INSERT', async () => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const source = await openSource(kernel);
    await write(sink, 'every', { schema: every, rows: [extremes] });
    expect((await rowsOf(source, { table: 'every' })).rows).toEqual([extremes]);
    const { fields } =
      (await source.discover({ options: { table: 'every' } }, testContext()))[0]?.schema ?? {};
    expect(fields?.map(({ type }) => type)).toEqual(every.fields.map(({ type }) => type));
    await db.query('set global local_infile = 0');
    try {
      await write(sink, 'every', { schema: every, rows: [extremes, extremes] });
      expect((await rowsOf(source, { table: 'every' })).rows).toEqual([extremes, extremes]);
      expect(await sink.inspect({ options: { table: 'every' } }, testContext())).toMatchObject({
        formats: ['rows'],
      });
    } finally {
      await db.query('set global local_infile = 1');
    }
  });

  test('its own types come back as they are: bits, enums, years, geometry', async () => {
    await db.query(
      `create table own (a bit(9), b enum('x','y'), c year, d point, e set('p','q'), f varbinary(9), g inet6, h bit(1), i datetime(2), j char(3));
       insert into own values (b'101', 'y', '0000', st_geomfromtext('point(1 2)'), 'p,q', x'00ff', '::1', b'0', '2024-01-01 00:00:00.25', 'ab')`,
    );
    await using kernel = await kernelOf(database);
    const source = await openSource(kernel);
    const [stream] = await source.discover({ options: { table: 'own' } }, testContext());
    const { rows } = await rowsOf(source, { table: 'own' });
    await write(await openSink(kernel), 'own_copy', { schema: stream?.schema ?? { fields: [] }, rows });
    expect((await rowsOf(source, { table: 'own_copy' })).rows).toEqual(rows);
    const [copy] = await source.discover({ options: { table: 'own_copy' } }, testContext());
    expect(copy?.schema).toEqual(stream?.schema);
  });

  test.each<[string, Row, object]>([
    ['a date before the year 0', { k: -800_000 }, { code: 'VP_MYSQL_VALUE_REFUSED' }],
    ['NaN', { j: Number.NaN }, { code: 'VP_MYSQL_VALUE_REFUSED' }],
    ['half a surrogate pair', { n: 'a\ud800' }, { code: 'VP_MYSQL_VALUE_REFUSED' }],
    ['an instant after 2038', { d: 2_147_483_648_000_000n }, { code: 'VP_MYSQL_CHANGED_VALUES' }],
    ['an instant before 1970', { d: -1n }, { code: 'VP_MYSQL_CHANGED_VALUES' }],
    ['NULL where none may be', { a: null }, { code: 'VP_MYSQL_CHANGED_VALUES' }],
    [
      'a number too large',
      { a: 200 },
      { code: 'VP_MYSQL_CHANGED_VALUES', message: expect.stringContaining("'a'") },
    ],
  ])('%s is refused, and nothing is left', async (_name, value, expected) => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const row: Row = { ...extremes, ...value };
    const columns = every.fields.map(({ name }) => [row[name] ?? null]);
    // As a source would hand it over that does not keep to its schema: the kit's own rows are checked before.
    const batches = (async function* () {
      yield { length: 1, columns };
    })();
    const token = `refused ${Object.keys(value)}`;
    const writer = await sink.open(
      { options: { table: 'refused' }, schema: every, mode: 'replace', format: 'rows', token },
      testContext(),
    );
    await expect(writer.write(rowsPayload(every, batches), testContext())).rejects.toMatchObject(expected);
    await writer.close();
    expect(await tables()).not.toContain('refused');
    expect((await tables()).filter((name) => name.startsWith('_vp_stage'))).toEqual([]);
  });

  test.each<[string, string]>([
    ['x'.repeat(65), 'longer than 64'],
    ['smile 😀', 'beyond U+FFFF'],
    ['A', 'differs from it only by case'],
  ])('the name %s is refused in the plan', async (name, reason) => {
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const schema = toTableSchema({ a: t.int32(), [name]: t.int32() });
    const fit = sink.fit?.({ options: { table: 'named' }, schema, mode: 'append' }, testContext());
    await expect(fit).rejects.toMatchObject({
      code: 'VP_MYSQL_NAME',
      message: expect.stringContaining(reason),
    });
  });

  test('names with quotes, dots, keywords and 64 characters are kept', async () => {
    const names = ['select', 'a`b', 'c.d', ' e"', "f'\\", '中', 'x'.repeat(64)];
    const schema = toTableSchema(Object.fromEntries(names.map((name) => [name, t.int32()])));
    const rows = [Object.fromEntries(names.map((name, index) => [name, index]))];
    await using kernel = await kernelOf(database);
    const table = `\`${'t`.'.repeat(21)}\``.replaceAll('t`.', 't``.');
    await write(await openSink(kernel), table, { schema, rows });
    expect((await rowsOf(await openSource(kernel), { table })).rows).toEqual(rows);
  });

  test.each<[string, string, readonly Row[]]>([
    [
      'quotes, newlines and NULL',
      'a,b\n"x ""y""\n\tz\\",1\n,\n"",2\n',
      [
        { a: 'x "y"\n\tz\\', b: 1 },
        { a: null, b: null },
        { a: '', b: 2 },
      ],
    ],
    [
      'a mark of UTF-8, returns, no newline at the end',
      '\ufeffa,b\r\nÄ😀\rß,-1\r\n\\N,3',
      [
        { a: 'Ä😀\rß', b: -1 },
        { a: '\\N', b: 3 },
      ],
    ],
  ])('CSV with %s, cut anywhere', async (_name, text, expected) => {
    const schema = toTableSchema({ a: t.text().nullable(), b: t.int32().nullable() });
    await using kernel = await kernelOf(database);
    const sink = await openSink(kernel);
    const source = await openSource(kernel);
    for (const size of [1, 2, 3, 5, 1000]) {
      const token = `csv-${size}-${text.length}`;
      const writer = await sink.open(
        { options: { table: 'csv' }, schema, mode: 'replace', format: 'csv', token },
        testContext(),
      );
      await writer.write(
        { carrier: 'stream', format: 'csv', schema, csv: standardCsv, stream: pieces(text, size) },
        testContext(),
      );
      await writer.commit({ runId: 'r', stepId: 's', token, fingerprint: 'f', inputs: {} }, testContext());
      await writer.close();
      expect((await rowsOf(source, { table: 'csv' })).rows).toEqual(expected);
    }
  });
});
