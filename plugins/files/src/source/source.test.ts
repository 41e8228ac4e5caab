import { symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { formatType, type Payload } from '@vp/plugin-sdk';
import { describe, expect, test } from 'vitest';
import { callContext, openWorkbench, type Workbench } from '../../test/workbench.ts';

async function columns(bench: Workbench, options: Parameters<Workbench['rows']>[0]) {
  const [stream] = await bench.source.discover({ options }, callContext());
  return Object.fromEntries(stream?.schema.fields.map((f) => [f.name, formatType(f.type)]) ?? []);
}

describe('csv', () => {
  test('types are found, NULL and empty text differ by quoting', async () => {
    const bench = await openWorkbench();
    await bench.put('a.csv', 'id,at,day,price,note\n1,2024-01-02 03:04:05.000006,2024-01-02,1.5,""\n2,,,,\n');
    const options = { path: 'a.csv' };
    expect(await columns(bench, options)).toEqual({
      id: 'int64',
      at: 'timestamp(us)',
      day: 'date',
      price: 'float64',
      note: 'utf8',
    });
    expect(await bench.rows(options)).toEqual([
      { id: 1n, at: 1_704_164_645_000_006n, day: 19_724, price: 1.5, note: '' },
      { id: 2n, at: null, day: null, price: null, note: null },
    ]);
  });

  test.each([
    ['semicolons', 'a.csv', 'id;name\n1;"x;y"\n', {}],
    ['tabs', 'a.tsv', 'id\tname\n1\tx;y\n', {}],
    ['windows line ends', 'a.csv', 'id,name\r\n1,x;y\r\n', {}],
    ['a byte order mark', 'a.csv', '\uFEFFid,name\n1,x;y\n', {}],
    ['lines before the header', 'a.csv', 'a report\n\nid,name\n1,x;y\n', { skip: 2 }],
    ['no header', 'a.csv', '1,x;y\n', { header: false, names: ['id', 'name'] }],
    ['another quote', 'a.csv', "id,name\n1,'x;y'\n", { quote: "'" }],
    ['gzip', 'a.csv.gz', gzipSync('id,name\n1,x;y\n'), {}],
    ['zstd', 'a.csv.zst', zstdCompressSync('id,name\n1,x;y\n'), {}],
    ['latin-1', 'a.csv', Buffer.from('id,name\n1,x;y\n', 'latin1'), { encoding: 'latin-1' }],
    ['utf-16', 'a.csv', Buffer.from('\uFEFFid,name\n1,x;y\n', 'utf16le'), { encoding: 'utf-16' }],
  ])('%s', async (_, name, content, more) => {
    const bench = await openWorkbench();
    await bench.put(name, content);
    expect(await bench.rows({ path: name, ...more })).toEqual([{ id: 1n, name: 'x;y' }]);
  });

  test('types, NULL text and date patterns can be said', async () => {
    const bench = await openWorkbench();
    await bench.put('a.csv', 'zip,day,amount\n01234,31.12.2023,1.10\nNA,01.01.2024,NA\n');
    const options = {
      path: 'a.csv',
      null: 'NA',
      date_format: '%d.%m.%Y',
      columns: { zip: 'utf8', amount: 'decimal(12,2)' },
    };
    expect(await bench.rows(options)).toEqual([
      { zip: '01234', day: 19_722, amount: '1.10' },
      { zip: null, day: 19_723, amount: null },
    ]);
  });

  test('faults of the text name row and byte', async () => {
    const bench = await openWorkbench();
    await bench.put('short.csv', 'a,b,c\n1,2,3\n4,5\n');
    await bench.put('long.csv', 'a,b\n1,2\n3,4,5\n');
    await bench.put('latin.csv', Buffer.from('a,b\n1,\xe9\xe8x\n', 'latin1'));
    await bench.put('open.csv', 'a,b\n1,2\n3,"x\n4,5\n');
    await bench.put('value.csv', `a\n${'1\n'.repeat(30_000)}x\n`);
    await bench.put('cut.csv.gz', gzipSync('a,b\n1,2\n').subarray(0, 20));
    expect(await bench.failure({ path: 'short.csv' })).toMatchObject({
      code: 'VP_FILES_RAGGED',
      at: { file: 'short.csv', row: 2, byte: 12 },
    });
    expect(await bench.failure({ path: 'long.csv' })).toMatchObject({
      code: 'VP_FILES_RAGGED',
      at: { row: 2 },
    });
    expect(await bench.failure({ path: 'latin.csv' })).toMatchObject({
      code: 'VP_FILES_ENCODING',
      at: { row: 1, byte: 6 },
    });
    expect(await bench.failure({ path: 'open.csv' })).toMatchObject({
      code: 'VP_FILES_QUOTE',
      at: { row: 2, byte: 10 },
    });
    const value = await bench.failure({ path: 'value.csv' });
    expect(value).toMatchObject({ code: 'VP_FILES_VALUE', at: { row: 30_001 } });
    expect(value.message).toContain('"x" in column "a"');
    expect((await bench.failure({ path: 'cut.csv.gz' })).code).toBe('VP_FILES_TRUNCATED');
  });

  test('a value that the native reader would round or cut is an error', async () => {
    const bench = await openWorkbench();
    const failing: Readonly<Record<string, string>> = {
      int64: '1.5',
      'decimal(9,2)': '1.555',
      date: '2020-01-01 10:00',
      'timestamp(ms)': '2020-01-01 00:00:00.0001',
    };
    for (const [type, text] of Object.entries(failing)) {
      await bench.put('a.csv', `n,v\n1,\n2,${text}\n`);
      const error = await bench.failure({ path: 'a.csv', columns: { v: type } });
      expect(error).toMatchObject({ code: 'VP_FILES_VALUE', at: { row: 2 } });
      await bench.put('a.ndjson', `{"v":null}\n{"v":${type === 'int64' ? text : JSON.stringify(text)}}\n`);
      expect((await bench.failure({ path: 'a.ndjson', columns: { v: type } })).code).toBe('VP_FILES_VALUE');
    }
    await bench.put('b.csv', 'v\n1.0\n+2\n');
    expect(await bench.rows({ path: 'b.csv', columns: { v: 'int64' } })).toEqual([{ v: 1n }, { v: 2n }]);
  });

  test('unknown columns and types are named with what was meant', async () => {
    const bench = await openWorkbench();
    await bench.put('a.csv', 'customer\n1\n');
    expect((await bench.failure({ path: 'a.csv', columns: { custmer: 'utf8' } })).message).toContain(
      '"customer"?',
    );
    expect((await bench.failure({ path: 'a.csv', columns: { customer: 'utf' } })).message).toContain(
      '"utf8"?',
    );
  });
});

describe('json', () => {
  const lines = '{"id":1,"tags":["a"],"at":{"x":1.5}}\n{"id":-2,"tags":[],"at":null}\n';
  const rows = [
    { id: 1n, tags: ['a'], at: { x: 1.5 } },
    { id: -2n, tags: [], at: null },
  ];

  test('an array, lines, and records within a document are the same rows', async () => {
    const bench = await openWorkbench();
    const array = JSON.stringify(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    await bench.put('a.json', array);
    await bench.put('a.ndjson', lines);
    await bench.put('lines.json', lines);
    await bench.put('doc.json', `{"meta":{"n":2},"data":{"items":${array}}}`);
    for (const options of [
      { path: 'a.json' },
      { path: 'a.ndjson' },
      { path: 'lines.json' },
      { path: 'lines.json', format: 'ndjson' },
      { path: 'doc.json', records: 'data.items' },
    ])
      expect(await bench.rows(options)).toEqual(rows);
    const [stream] = await bench.source.discover({ options: { path: 'lines.json' } }, callContext());
    expect(stream?.formats).toEqual(['ndjson', 'rows']);
  });

  test('values of several types are kept as JSON text', async () => {
    const bench = await openWorkbench();
    await bench.put('a.json', '[{"a":1},{"a":"x"}]');
    expect(await columns(bench, { path: 'a.json' })).toEqual({ a: 'json' });
    expect(await bench.rows({ path: 'a.json' })).toEqual([{ a: '1' }, { a: '"x"' }]);
    expect(await bench.rows({ path: 'a.json', columns: { a: 'utf8' } })).toEqual([{ a: '1' }, { a: 'x' }]);
  });

  test('cut off and malformed text', async () => {
    const bench = await openWorkbench();
    await bench.put('cut.json', '[{"a":1},{"a":2');
    await bench.put('bad.json', '[{"a":1},{"a":}]');
    expect((await bench.failure({ path: 'cut.json' })).code).toBe('VP_FILES_TRUNCATED');
    expect((await bench.failure({ path: 'bad.json' })).code).toBe('VP_FILES_JSON');
  });
});

describe('parquet', () => {
  async function write(bench: Workbench, name: string, select: string) {
    await bench.native.run(`copy (${select}) to '${bench.folder}/${name}' (format parquet)`);
  }

  test('types are the file’s own', async () => {
    const bench = await openWorkbench();
    await write(
      bench,
      'a.parquet',
      `select 1::int as i, 12.340::decimal(9,3) as d, timestamptz '2024-01-01 00:00:00+00' as z,
       timestamp_ns '2024-01-01 00:00:00.000000001' as n, [1, null]::int[] as l, 'ab'::blob as b,
       uuid '00000000-0000-0000-0000-0000000000ff' as u, map {'k': 1} as m`,
    );
    expect(await columns(bench, { path: 'a.parquet' })).toEqual({
      i: 'int32',
      d: 'decimal(9,3)',
      z: 'timestamp(us, UTC)',
      n: 'timestamp(ns)',
      l: 'list<int32?>',
      b: 'binary',
      u: 'uuid',
      m: 'map<utf8, int32?>',
    });
    expect(await bench.rows({ path: 'a.parquet' })).toEqual([
      {
        i: 1,
        d: '12.340',
        z: 1_704_067_200_000_000n,
        n: 1_704_067_200_000_000_001n,
        l: [1, null],
        b: new Uint8Array([97, 98]),
        u: '00000000-0000-0000-0000-0000000000ff',
        m: [['k', 1]],
      },
    ]);
  });

  test('folders are columns with the type that all their values have', async () => {
    const bench = await openWorkbench();
    for (const year of [2023, 2024]) {
      await bench.put(`d/year=${year}/region=eu/x`, '');
      await write(bench, `d/year=${year}/region=eu/a.parquet`, `select ${year % 100} as n`);
    }
    const options = { path: 'd/**/*.parquet' };
    expect(await bench.rows(options)).toEqual([
      { n: 23, year: 2023n, region: 'eu' },
      { n: 24, year: 2024n, region: 'eu' },
    ]);
    const [payload] = (await bench.source.read({ options, format: 'parquet' }, callContext())).parts;
    expect(payload).toMatchObject({ files: [{ partition: { year: '2023', region: 'eu' } }, {}] });
    expect(await bench.rows({ ...options, hive: false })).toEqual([{ n: 23 }, { n: 24 }]);
  });

  test('other columns in one of the files are an error, or NULL when asked for', async () => {
    const bench = await openWorkbench();
    await write(bench, 'a.parquet', 'select 1 as x, 2 as y');
    await write(bench, 'b.parquet', 'select 3 as x');
    const error = await bench.failure({ path: '*.parquet' });
    expect(error.code).toBe('VP_FILES_SCHEMA_MIXED');
    expect(error.message).toContain('b.parquet has other columns than a.parquet: y is missing');
    expect(await bench.rows({ path: '*.parquet', union: true })).toEqual([
      { x: 1, y: 2 },
      { x: 3, y: null },
    ]);
  });

  test('a file without its end, and one that is none', async () => {
    const bench = await openWorkbench();
    await write(bench, 'a.parquet', 'select range as x from range(1000)');
    const { readFile } = await import('node:fs/promises');
    await bench.put('cut.parquet', (await readFile(`${bench.folder}/a.parquet`)).subarray(0, 500));
    await bench.put('no.parquet', 'a,b,c\n1,2,3\n4,5,6\n');
    expect((await bench.failure({ path: 'cut.parquet' })).message).toContain('footer is missing');
    expect((await bench.failure({ path: 'no.parquet' })).code).toBe('VP_FILES_TRUNCATED');
  });
});

describe('files', () => {
  test('a path that is not there says what is meant', async () => {
    const bench = await openWorkbench();
    await bench.put('data/orders.csv', 'a\n1\n');
    expect((await bench.failure({ path: 'data/order.csv' })).message).toContain('Did you mean "orders.csv"?');
    expect((await bench.failure({ path: 'data/*.cvs' })).message).toContain(
      'No file matches data/*.cvs in data',
    );
    expect((await bench.failure({ path: 'dta/orders.csv' })).message).toContain('That folder does not exist');
    expect((await bench.failure({ path: 'data' })).code).toBe('VP_FILES_IS_FOLDER');
    expect((await bench.failure({ path: '/dev/null', format: 'csv' })).code).toBe('VP_FILES_UNREADABLE');
    expect((await bench.failure({ path: 's3://b/a.csv' })).code).toBe('VP_FILES_URL');
  });

  test('a path that cannot be followed is told as that, and not as a folder that is missing', async () => {
    const bench = await openWorkbench();
    await symlink('loop', join(bench.folder, 'loop'));
    const error = await bench.failure({ path: 'loop/a.csv' });
    expect(error.code).toBe('VP_FILES_UNREADABLE');
    expect(error.message).toContain('ELOOP');
  });

  test('a link to nothing is not taken for a missing file', async () => {
    const bench = await openWorkbench();
    await symlink('/nowhere/at/all', join(bench.folder, 'a.csv'));
    for (const path of ['a.csv', '*.csv']) {
      const error = await bench.failure({ path });
      expect(error.code).toBe('VP_FILES_UNREADABLE');
      expect(error.message).toContain('a.csv: it is a link to /nowhere/at/all, which does not exist');
    }
  });

  test('a name that is twice in the header', async () => {
    const bench = await openWorkbench();
    await bench.put('a.csv', 'id,"na,me",ID\n1,x,2\n');
    const error = await bench.failure({ path: 'a.csv' });
    expect(error).toMatchObject({ code: 'VP_FILES_COLUMN_TWICE', at: { file: 'a.csv', line: 1 } });
    expect(error.message).toContain('"ID" twice: columns 1 and 3');
    const names = ['a', 'b', 'c'];
    expect(await bench.rows({ path: 'a.csv', header: false, skip: 1, names })).toEqual([
      { a: 1n, b: 'x', c: 2n },
    ]);
  });

  test('empty files, unknown and mixed formats', async () => {
    const bench = await openWorkbench();
    await bench.put('empty.csv', '');
    await bench.put('a.csvv', 'a\n1\n');
    await bench.put('m/a.csv', 'a\n1\n');
    await bench.put('m/b.json', '[]');
    await bench.put('empty.ndjson', '');
    expect((await bench.failure({ path: 'empty.csv' })).code).toBe('VP_FILES_EMPTY');
    expect((await bench.failure({ path: 'empty.ndjson' })).code).toBe('VP_FILES_EMPTY');
    expect(await bench.rows({ path: 'empty.ndjson', columns: { a: 'int64' } })).toEqual([]);
    const unknown = await bench.failure({ path: 'a.csvv' });
    expect(unknown).toMatchObject({ code: 'VP_FILES_FORMAT_UNKNOWN' });
    expect(unknown.message).toContain('"csv"?');
    expect((await bench.failure({ path: 'm/*' })).message).toContain('m/a.csv is csv, but m/b.json is json');
  });

  test('globs, lists and file URLs give each file once, in order; names with brackets are names', async () => {
    const bench = await openWorkbench();
    await bench.put('a[1].csv', 'n\n1\n');
    await bench.put('b.csv', 'n\n2\n');
    const path = ['b.csv', '*.csv', 'a[1].csv', `file://${bench.folder}/b.csv`];
    expect(await bench.rows({ path })).toEqual([{ n: 1n }, { n: 2n }]);
    await bench.put('c.csv', 'm\n2\n');
    expect((await bench.failure({ path: '?.csv' })).message).toContain('n missing; m added');
  });

  test('the version changes with the set of files, their size and their time, and with nothing else', async () => {
    const bench = await openWorkbench();
    const path = await bench.put('a.csv', 'n\n1\n');
    const version = () => bench.source.version?.({ options: { path: '*.csv' } }, callContext());
    const first = await version();
    expect(await version()).toBe(first);
    await utimes(path, 1, 1);
    const touched = await version();
    expect(touched).not.toBe(first);
    await bench.put('b.csv', 'n\n1\n');
    expect(await version()).not.toBe(touched);
  });

  test('the native format states everything that a reader needs', async () => {
    const bench = await openWorkbench();
    const uri = await bench.put('a.csv', 'n;d\n1;31/12/2020\n');
    const read = await bench.source.read({ options: { path: 'a.csv' }, format: 'csv' }, callContext());
    const [payload] = read.parts satisfies readonly Payload[];
    expect(payload).toMatchObject({
      carrier: 'files',
      csv: { delimiter: ';', quote: '"', escape: '"', header: true, nullText: '', dateFormat: '%d/%m/%Y' },
      files: [{ uri, bytes: 17 }],
    });
    await expect(
      bench.source.read({ options: { path: 'a.csv' }, format: 'parquet' }, callContext()),
    ).rejects.toMatchObject({ code: 'VP_FILES_FORMAT_NOT_OFFERED' });
  });

  test('only the wanted columns come, in their order', async () => {
    const bench = await openWorkbench();
    await bench.put('a.csv', 'a,b,c\n1,2,3\n');
    const request = { options: { path: 'a.csv' }, format: 'rows', columns: ['c', 'a'] };
    const { schema } = await bench.source.read(request, callContext());
    expect(schema.fields.map((f) => f.name)).toEqual(['c', 'a']);
  });
});
