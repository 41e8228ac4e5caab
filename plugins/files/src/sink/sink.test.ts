import { link, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type CommitMeta,
  type JsonObject,
  type Payload,
  payloadFromRows,
  type Sink,
  standardCsv,
  t,
  toTableSchema,
  type WriteMode,
} from '@vp/plugin-sdk';
import { describe, expect, test } from 'vitest';
import { callContext, errorOf, openWorkbench, type Workbench } from '../../test/workbench.ts';
import type { SinkFormat } from './formats.ts';
import { fileSink } from './sink.ts';

const schema = toTableSchema({
  id: t.int64(),
  name: t.text().nullable(),
  price: t.decimal(9, 2).nullable(),
  at: t.timestamp().nullable(),
  day: t.date().nullable(),
});
const rows = [
  { id: 9_007_199_254_740_993n, name: 'a "b", c', price: '-1.50', at: 1_704_164_645_000_006n, day: 19_724 },
  { id: 2n, name: '', price: null, at: null, day: null },
  { id: 3n, name: null, price: '0.05', at: -1n, day: -1 },
];

const metaOf = (token: string): CommitMeta => ({
  runId: 'r',
  stepId: 's',
  token,
  fingerprint: 'f',
  inputs: {},
});

async function write(
  sink: Sink,
  options: JsonObject,
  payloads: readonly Payload[],
  more: { readonly token?: string; readonly mode?: WriteMode; readonly format?: string } = {},
) {
  const { token = 't1', mode = 'replace', format = 'rows' } = more;
  const writer = await sink.open({ options, schema, mode, format, token }, callContext());
  try {
    for (const payload of payloads) await writer.write(payload, callContext());
    return await writer.commit(metaOf(token), callContext());
  } finally {
    await writer.close();
  }
}

const open = (bench: Workbench, format: SinkFormat) =>
  fileSink({ format, paths: bench.paths, native: bench.native });
const someRows = (from = 0, to = rows.length) => payloadFromRows(rows.slice(from, to), schema);

describe('what is written can be read again as it was', () => {
  test.each([
    ['parquet', 'out/a.parquet', {}, {}],
    ['parquet', 'a.parquet', { compression: 'gzip' }, {}],
    ['csv', 'a.csv', {}, {}],
    ['csv', 'a.csv.gz', {}, {}],
    ['csv', 'a.csv', { delimiter: ';', null: 'NA', quote: "'" }, { null: 'NA', quote: "'" }],
    [
      'csv',
      'a.csv',
      { header: false, date_format: '%d.%m.%Y' },
      { header: false, names: Object.keys(rows[0] ?? {}), date_format: '%d.%m.%Y' },
    ],
    ['ndjson', 'a.ndjson', {}, {}],
    ['ndjson', 'a.ndjson.zst', {}, {}],
  ] as const)('%s into %s %o', async (format, path, sinkOptions, sourceOptions) => {
    const bench = await openWorkbench();
    const done = await write(open(bench, format), { path, ...sinkOptions }, [someRows(0, 1), someRows(1)]);
    expect(done).toMatchObject({ location: path, stats: { rows: 3 } });
    const columns =
      format === 'parquet' ? {} : { columns: { price: 'decimal(9,2)', at: 'timestamp(us)', day: 'date' } };
    expect(await bench.rows({ path, ...sourceOptions, ...columns })).toEqual(rows);
  });

  test('no rows at all still give a file with the columns', async () => {
    const bench = await openWorkbench();
    await write(open(bench, 'csv'), { path: 'a.csv' }, []);
    expect(await readFile(join(bench.folder, 'a.csv'), 'utf8')).toBe('id,name,price,at,day\n');
  });
});

describe('files and streams', () => {
  test('a file of the right format is copied as it is, and moved when it is temporary', async () => {
    const bench = await openWorkbench();
    await write(open(bench, 'parquet'), { path: 'from.parquet' }, [someRows()]);
    const uri = join(bench.folder, 'from.parquet');
    const payload: Payload = { carrier: 'files', format: 'parquet', schema, files: [{ uri }] };
    const done = await write(open(bench, 'parquet'), { path: 'to.parquet' }, [payload]);
    expect(done.stats.rows).toBe(3);
    expect(await readFile(join(bench.folder, 'to.parquet'))).toEqual(await readFile(uri));

    const moved: Payload = { ...payload, files: [{ uri, temporary: true }] };
    await write(open(bench, 'parquet'), { path: 'to.parquet' }, [moved], { token: 't2' });
    expect((await readdir(bench.folder)).filter((n) => n.endsWith('.parquet'))).toEqual(['to.parquet']);
  });

  test('parquet becomes csv, a csv stream becomes parquet, with folder columns', async () => {
    const bench = await openWorkbench();
    await write(open(bench, 'parquet'), { path: 'a.parquet' }, [someRows()]);
    const uri = join(bench.folder, 'a.parquet');
    await write(open(bench, 'csv'), { path: 'a.csv' }, [
      { carrier: 'files', format: 'parquet', schema, files: [{ uri }] },
    ]);
    const text = await readFile(join(bench.folder, 'a.csv'));
    expect(text.toString().split('\n').slice(2)).toEqual([
      '2,"",,,',
      '3,,0.05,1969-12-31 23:59:59.999999,1969-12-31',
      '',
    ]);

    async function* stream() {
      yield text.subarray(0, 20);
      yield text.subarray(20);
    }
    await write(open(bench, 'parquet'), { path: 'b.parquet' }, [
      { carrier: 'stream', format: 'csv', csv: standardCsv, schema, stream: stream() },
    ]);
    expect(await bench.rows({ path: 'b.parquet' })).toEqual(rows);
  });

  test('csv options take effect and the output is compressed', async () => {
    const bench = await openWorkbench();
    await write(open(bench, 'csv'), { path: 'a.csv.gz', delimiter: '\t', header: false }, [someRows(1, 2)]);
    expect(gunzipSync(await readFile(join(bench.folder, 'a.csv.gz'))).toString()).toBe('2\t""\t\t\t\n');
  });
});

test('more rows than are held in memory keep their order and their values, of every type', async () => {
  const bench = await openWorkbench();
  // Looks like the folder of a partition, and its spilled files lie in a folder named after it.
  const path = 'out/by-n=1/m-month=2001-01.csv';
  const types = toTableSchema({
    n: t.int32(),
    span: t.interval().nullable(),
    time: t.time({ unit: 'ns' }),
    kind: t.enum('a', 'b'),
  });
  async function* batches() {
    for (let from = 0; from < 300_000; from += 10_000) {
      const of = <T>(value: (n: number) => T) => Array.from({ length: 10_000 }, (_, i) => value(from + i));
      const spans = of((n) =>
        n % 2 === 0 ? null : { months: n % 13, days: -(n % 5), nanos: BigInt(n) * 1000n },
      );
      yield {
        length: 10_000,
        columns: [of((n) => n), spans, of((n) => BigInt(n)), of((n) => (n % 3 === 0 ? 'a' : 'b'))],
      };
    }
  }
  const sink = open(bench, 'csv');
  const request = {
    options: { path },
    schema: types,
    mode: 'replace',
    format: 'rows',
    token: 't',
  } as const;
  const writer = await sink.open(request, callContext());
  await writer.write({ carrier: 'rows', format: 'rows', schema: types, batches: batches() }, callContext());
  await writer.commit(metaOf('t'), callContext());
  await writer.close();
  const lines = (await readFile(join(bench.folder, path), 'utf8')).trimEnd().split('\n').slice(1);
  expect(lines).toHaveLength(300_000);
  expect(lines.findIndex((line, n) => !line.startsWith(`${n},`))).toBe(-1);
  expect(lines[1]).toBe('1,1 month -1 day 00:00:00.000001,00:00:00.000000001,b');
  expect(lines[299_999]).toContain(',00:00:00.000299999,b');
});

describe('commit', () => {
  test('nothing is seen before, and the same token again changes nothing', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'csv');
    const options = { path: 'a.csv' };
    const writer = await sink.open(
      { options, schema, mode: 'replace', format: 'rows', token: 't1' },
      callContext(),
    );
    await writer.write(someRows(), callContext());
    expect(await sink.inspect({ options }, callContext())).toMatchObject({ exists: false });
    const first = await writer.commit(metaOf('t1'), callContext());
    await writer.close();
    expect((await sink.inspect({ options }, callContext())).committed).toEqual(metaOf('t1'));
    expect(await write(sink, options, [someRows(0, 1)], { token: 't1' })).toEqual(first);
    expect(await bench.rows(options)).toHaveLength(3);
    expect(await readdir(bench.folder)).toEqual(['.a.csv.vp.json', 'a.csv']);
  });

  test('a write that is closed without commit leaves the old file and no traces', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'csv');
    await write(sink, { path: 'a.csv' }, [someRows()]);
    const request = {
      options: { path: 'a.csv' },
      schema,
      mode: 'replace',
      format: 'rows',
      token: 't2',
    } as const;
    const writer = await sink.open(request, callContext());
    await writer.write(someRows(0, 1), callContext());
    await writer.close();
    expect(await bench.rows({ path: 'a.csv' })).toHaveLength(3);
    expect(await readdir(bench.folder)).toEqual(['.a.csv.vp.json', 'a.csv']);
  });

  test('a crash between manifest and data means the commit before, and the write can be repeated', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'csv');
    const options = { path: 'a.csv' };
    const [file, old] = [join(bench.folder, 'a.csv'), join(bench.folder, 'old')];
    await write(sink, options, [someRows()], { token: 't1' });
    await link(file, old);
    await write(sink, options, [someRows(0, 1)], { token: 't2' });
    // The manifest of t2 beside the file of t1, as the crash would leave them.
    await rename(old, file);
    expect((await sink.inspect({ options }, callContext())).committed).toEqual(metaOf('t1'));
    await write(sink, options, [someRows(0, 2)], { token: 't2' });
    expect(await bench.rows(options)).toHaveLength(2);
    expect((await sink.inspect({ options }, callContext())).committed).toEqual(metaOf('t2'));
  });

  test('a file that somebody changed is not taken for committed', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'csv');
    await write(sink, { path: 'a.csv' }, [someRows()]);
    await bench.put('a.csv', 'edited');
    expect((await sink.inspect({ options: { path: 'a.csv' } }, callContext())).committed).toBeUndefined();
    await bench.put('.a.csv.vp.json', '{"version":1,"com');
    expect((await sink.inspect({ options: { path: 'a.csv' } }, callContext())).exists).toBe(true);
  });

  test('what a dead process left is removed, what a living one stages is not', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'csv');
    const { hostname } = await import('node:os');
    const host = encodeURIComponent(hostname());
    const dead = `.a.csv.vp-tmp.${host}.${2 ** 22 + 1}.x.y`;
    const elsewhere = `.a.csv.vp-tmp.another-host.${2 ** 22 + 1}.x.y`;
    for (const name of [dead, elsewhere]) await mkdir(join(bench.folder, name));
    const request = {
      options: { path: 'a.csv' },
      schema,
      mode: 'replace',
      format: 'rows',
      token: 't',
    } as const;
    const writer = await sink.open(request, callContext());
    await writer.write(someRows(), callContext());
    await mkdir(join(bench.folder, dead), { recursive: true });
    expect(await sink.recover?.({ options: { path: 'a.csv' } }, callContext())).toEqual([
      join(bench.folder, dead),
    ]);
    await writer.commit(metaOf('t'), callContext());
    await writer.close();
    expect(await readdir(bench.folder)).toEqual([elsewhere, '.a.csv.vp.json', 'a.csv']);
  });
});

describe('folders', () => {
  test('append adds a file for each token, once; replace leaves only its own', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'parquet');
    const options = { path: 'out/' };
    await write(sink, options, [someRows(0, 1)], { token: 't1', mode: 'append' });
    await write(sink, options, [someRows(1)], { token: 't2', mode: 'append' });
    await write(sink, options, [someRows(1)], { token: 't2', mode: 'append' });
    expect(await bench.rows({ path: 'out/*.parquet' })).toHaveLength(3);
    await write(sink, options, [someRows(0, 2)], { token: 't3' });
    expect(await bench.rows({ path: 'out/*.parquet' })).toEqual(rows.slice(0, 2));
    expect((await sink.inspect({ options }, callContext())).committed?.token).toBe('t3');
  });

  test('{partition} stands for the partition', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'csv');
    const options = { path: 'out/{partition}.csv' };
    const request = { options, schema, mode: 'replace', format: 'rows', token: 't' } as const;
    const writer = await sink.open({ ...request, partition: { day: '2001-03-05' } }, callContext());
    await writer.commit(metaOf('t'), callContext());
    await writer.close();
    expect(await readdir(join(bench.folder, 'out'))).toContain('day=2001-03-05.csv');
    expect((await errorOf(sink.open(request, callContext()))).code).toBe('VP_FILES_PARTITION');
  });
});

describe('what cannot be done is said before a row moves', () => {
  test('modes and compressions', async () => {
    const bench = await openWorkbench();
    const sink = open(bench, 'csv');
    const append = await errorOf(write(sink, { path: 'a.csv' }, [], { mode: 'append' }));
    expect(append).toMatchObject({ code: 'VP_FILES_MODE' });
    expect(append.hint).toContain("path: 'a/'");
    expect((await errorOf(write(sink, { path: 'a/' }, [], { mode: 'merge' }))).code).toBe('VP_FILES_MODE');
    const snappy = await errorOf(write(sink, { path: 'a.csv', compression: 'snappy' }, []));
    expect(snappy).toMatchObject({ code: 'VP_FILES_COMPRESSION' });
  });

  test('types that the format would cut', async () => {
    const bench = await openWorkbench();
    const columns = toTableSchema({ length: t.interval() });
    const request = {
      options: { path: 'a.parquet' },
      schema: columns,
      mode: 'replace',
      format: 'rows',
      token: 't',
    } as const;
    expect((await errorOf(open(bench, 'parquet').open(request, callContext()))).code).toBe('VP_FILES_LOSS');
  });

  test('a folder that cannot be made, and a format that is not taken', async () => {
    const bench = await openWorkbench();
    await bench.put('taken', 'x');
    expect((await errorOf(write(open(bench, 'csv'), { path: 'taken/a.csv' }, []))).code).toBe(
      'VP_FILES_WRITE_FAILED',
    );
    const arrow: Payload = { carrier: 'files', format: 'arrow', schema, files: [] };
    expect((await errorOf(write(open(bench, 'csv'), { path: 'a.csv' }, [arrow]))).code).toBe(
      'VP_FILES_NOT_ACCEPTED',
    );
    expect(await readdir(bench.folder)).toEqual(['taken']);
  });
});
