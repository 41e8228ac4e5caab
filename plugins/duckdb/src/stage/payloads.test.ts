import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { CsvDialect, DataFile, Format, Payload, TableSchema } from '@vp/plugin-sdk';
import { standardCsv } from '@vp/plugin-sdk';
import { describe, expect, test } from 'vitest';
import {
  ask,
  context,
  fields,
  meta,
  openEngine,
  put,
  rowsOf,
  rowsPayload,
  stageParts,
} from '../../test/support.ts';

const schema = fields({ id: { kind: 'int64' }, name: { kind: 'utf8' } });

function filesOf(
  format: Format,
  files: readonly DataFile[],
  s: TableSchema = schema,
  csv?: CsvDialect,
): Payload {
  return { carrier: 'files', format, files, schema: s, ...(csv === undefined ? {} : { csv }) };
}

function streamOf(format: Format, pieces: Iterable<string>, s: TableSchema = schema): Payload {
  async function* stream() {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  return { carrier: 'stream', format, schema: s, csv: standardCsv, stream: stream() };
}

function* repeat(head: string, line: string, times: number): Iterable<string> {
  yield head;
  for (let i = 0; i < times; i += 1) yield line.repeat(1_000);
}

describe('what comes in is what is kept', () => {
  test('compressed files, and columns that stand in the path', async () => {
    const { engine, project } = openEngine();
    const files = ['2001', '2002'].map(
      (year): DataFile => ({
        uri: join(project, `${year}.csv`),
        compression: year === '2001' ? 'gzip' : 'zstd',
        partition: { year },
      }),
    );
    writeFileSync(files[0]?.uri ?? '', gzipSync('id,name\n1,a\n'));
    writeFileSync(files[1]?.uri ?? '', zstdCompressSync('id,name\n2,b\n'));
    const withYear = {
      fields: [...schema.fields, { name: 'year', type: { kind: 'int16' }, nullable: false }],
    } as const;
    const staged = await stageParts(engine, [filesOf('csv', files, withYear)]);
    await staged.commit(meta());
    expect(await ask(engine, 'FROM a ORDER BY id')).toEqual([
      [1n, 'a', 2001],
      [2n, 'b', 2002],
    ]);
  });

  test('JSON keeps 64-bit integers, decimals written as text, and nested values', async () => {
    const { engine, project } = openEngine();
    const uri = join(project, 'x.json');
    writeFileSync(
      uri,
      '[{"id":9007199254740993,"d":"12345678901234567890.5","l":["1",2],"j":{"a":1}},\n{"id":null,"d":1.5}]',
    );
    const s = fields({
      id: { kind: 'int64' },
      d: { kind: 'decimal', precision: 30, scale: 2 },
      l: { kind: 'list', item: { type: { kind: 'int32' }, nullable: true } },
      j: { kind: 'json' },
    });
    await (await stageParts(engine, [filesOf('json', [{ uri }], s)])).commit(meta());
    expect(await ask(engine, 'FROM a ORDER BY id')).toEqual([
      [9007199254740993n, '12345678901234567890.50', [1, 2], '{"a":1}'],
      [null, '1.50', null, null],
    ]);
  });

  test.each<[Format, Iterable<string>]>([
    ['csv', repeat('id,name\n', '1,"x, y"\n', 200)],
    ['ndjson', repeat('', '{"id":1,"name":"x, y"}\n', 200)],
    ['json', ['[{"id":1,', '"name":"x, y"},{"id":2,"name":"x, y"}]']],
  ])('%s as a stream', async (format, pieces) => {
    const { engine } = openEngine();
    const staged = await stageParts(engine, [streamOf(format, pieces)]);
    expect(staged.rows).toBe(format === 'json' ? 2 : 200_000);
    expect(await ask(engine, `SELECT DISTINCT name FROM ${staged.relation}`)).toEqual([['x, y']]);
  });

  test('several parts, and none at all, are one snapshot', async () => {
    const { engine, project } = openEngine();
    const parquet = join(project, 'p.parquet');
    await put(engine, 'src', "SELECT 3::SMALLINT AS id, 'c' AS name, 1 AS other");
    const source = await engine.read(
      { asset: 'src', format: 'parquet', columns: ['id', 'name'], directory: project },
      context(),
    );
    expect(parquet).not.toBe('');
    if (source.payload.carrier !== 'files') throw new Error('files expected');
    const relation = await engine.read(
      { asset: 'src', format: 'relation', columns: ['id', 'name'] },
      context(),
    );
    const parts = [
      rowsPayload(schema, [
        [1n, 'a'],
        [2n, null],
      ]),
      source.payload,
      relation.payload,
    ];
    const staged = await stageParts(engine, parts, schema);
    expect(staged).toMatchObject({ rows: 4, schema });
    const empty = await stageParts(engine, [], schema);
    expect(empty).toMatchObject({ rows: 0, schema });
    expect(await ask(engine, `FROM ${empty.relation}`)).toEqual([]);
  });

  test('what csv, json and ndjson files give can be taken again', async () => {
    const { engine } = openEngine();
    await put(
      engine,
      'src',
      "SELECT i AS id, CASE i WHEN 1 THEN NULL WHEN 2 THEN '' ELSE 'a\"b,' || chr(10) || 'c' END AS name FROM range(4) t(i)",
    );
    const before = await ask(engine, 'FROM src ORDER BY id');
    for (const format of ['csv', 'json', 'ndjson'] as const) {
      const { payload, close } = await engine.read({ asset: 'src', format }, context());
      await (await stageParts(engine, [payload], undefined, format)).commit(meta());
      await close();
      expect(await ask(engine, `FROM ${format} ORDER BY id`), format).toEqual(before);
    }
  });

  test('rows in many segments stay in order of their parts', async () => {
    const { engine } = openEngine();
    async function* batches() {
      for (let b = 0; b < 300; b += 1) {
        const ids = BigInt64Array.from({ length: 5_000 }, (_, i) => BigInt(b * 5_000 + i));
        yield {
          length: 5_000,
          columns: [ids, Array.from(ids, (id) => (id % 2n === 0n ? null : `name of ${id}`))],
        };
      }
    }
    const staged = await stageParts(engine, [
      { carrier: 'rows', format: 'rows', schema, batches: batches() },
    ]);
    expect(staged.rows).toBe(1_500_000);
    const found = await ask(
      engine,
      `SELECT sum(id)::BIGINT, count(name), count(DISTINCT id) FROM ${staged.relation}`,
    );
    expect(found).toEqual([[1124999250000n, 750_000n, 1_500_000n]]);
    const read = await engine.query({ text: `FROM ${staged.relation} WHERE id = 1` }, context());
    expect(await rowsOf(read)).toEqual([[1n, 'name of 1']]);
  });
});

describe('bad data', () => {
  const place = { line: 3, row: 2 };
  test.each<[name: string, csv: string | Buffer, error: object]>([
    ['ragged', 'id,name\n1,a\n2,b,c\n', { code: 'VP_DUCKDB_CSV', at: { ...place, byte: 12 } }],
    ['too few', 'id,name\n1,a\n2\n', { code: 'VP_DUCKDB_CSV', at: { ...place, byte: 12 } }],
    ['not UTF-8', Buffer.from('id,name\n1,a\n2,\xff\xfe\n', 'latin1'), { code: 'VP_DUCKDB_CSV', at: place }],
    ['quote without end', 'id,name\n1,a\n2,"b\n', { code: 'VP_DUCKDB_CSV' }],
    [
      'no number',
      'id,name\n1,"a\nb"\nx,b\n',
      { code: 'VP_DUCKDB_VALUE', at: { line: 4, row: 2, byte: 16 }, details: { column: 'id', value: 'x' } },
    ],
    ['a fraction', 'id,name\n1,a\n1.5,b\n', { code: 'VP_DUCKDB_VALUE', at: { ...place, byte: 12 } }],
    ['quoted nothing as a number', 'id,name\n1,a\n"",b\n', { code: 'VP_DUCKDB_VALUE', at: place }],
  ])('CSV: %s', async (_name, csv, error) => {
    const { engine, project } = openEngine();
    const uri = join(project, 'bad.csv');
    writeFileSync(uri, csv);
    const found = await stageParts(engine, [filesOf('csv', [{ uri }])]).catch((e: unknown) => e);
    expect(found).toMatchObject(error);
    expect(found).toMatchObject({ class: 'data', at: { file: uri } });
    expect(await engine.snapshots()).toEqual([]);
  });

  test('CSV: a text that DuckDB itself cannot read as the type is a value that does not fit', async () => {
    const { engine, project } = openEngine();
    const uri = join(project, 'bad.csv');
    writeFileSync(uri, 'ok\ntrue\n5.0\n');
    const schema = fields({ ok: { kind: 'bool' } });
    await expect(stageParts(engine, [filesOf('csv', [{ uri }], schema)])).rejects.toMatchObject({
      code: 'VP_DUCKDB_VALUE',
      at: { file: uri, line: 3, row: 2 },
      details: { column: 'ok', value: '5.0', type: 'bool' },
    });
  });

  test('CSV: NULL where none is declared has its row', async () => {
    const { engine, project } = openEngine();
    const uri = join(project, 'bad.csv.gz');
    writeFileSync(uri, gzipSync('id,name\n1,a\n,b\n'));
    const strict = fields({ id: { kind: 'int64' }, name: { kind: 'utf8' } }, false);
    await expect(
      stageParts(engine, [filesOf('csv', [{ uri, compression: 'gzip' }], strict)]),
    ).rejects.toMatchObject({
      code: 'VP_DUCKDB_NULL',
      at: { file: uri, line: 3, row: 2 },
    });
  });

  test.each<[name: string, format: Format, json: string, error: object]>([
    ['malformed', 'ndjson', '{"id":1}\n{"id":,}\n', { code: 'VP_DUCKDB_JSON', at: { line: 2 } }],
    ['truncated', 'json', '[{"id":1},{"id":2', { code: 'VP_DUCKDB_JSON', at: { row: 2 } }],
    ['no number', 'ndjson', '{"id":1}\n{"id":"x"}\n', { code: 'VP_DUCKDB_VALUE', at: { line: 2, byte: 9 } }],
    ['a fraction', 'ndjson', '{"id":1}\n{"id":1.5}\n', { code: 'VP_DUCKDB_VALUE', at: { line: 2 } }],
  ])('JSON: %s', async (_name, format, json, error) => {
    const { engine, project } = openEngine();
    const uri = join(project, 'bad.json');
    writeFileSync(uri, json);
    await expect(
      stageParts(engine, [filesOf(format, [{ uri }], fields({ id: { kind: 'int64' } }))]),
    ).rejects.toMatchObject(error);
  });

  test('JSON: a decimal with more digits than a JSON number keeps', async () => {
    const { engine, project } = openEngine();
    const uri = join(project, 'bad.json');
    writeFileSync(uri, '{"d":0.12345678901234567890}\n');
    const s = fields({ d: { kind: 'decimal', precision: 30, scale: 20 } });
    await expect(stageParts(engine, [filesOf('ndjson', [{ uri }], s)])).rejects.toMatchObject({
      code: 'VP_DUCKDB_VALUE',
    });
  });

  test('Parquet: truncated, not there, without the column', async () => {
    const { engine, project } = openEngine();
    await put(engine, 'src', "SELECT 1::BIGINT AS id, 'c' AS name");
    const { payload } = await engine.read(
      { asset: 'src', format: 'parquet', directory: project, columns: ['name', 'id'] },
      context(),
    );
    const [file] = payload.carrier === 'files' ? payload.files : [];
    if (file === undefined) throw new Error('a file expected');
    const other = fields({ idd: { kind: 'int64' } });
    await expect(stageParts(engine, [filesOf('parquet', [file], other)])).rejects.toMatchObject({
      code: 'VP_DUCKDB_COLUMN_UNKNOWN',
    });
    truncateSync(file.uri, 30);
    await expect(stageParts(engine, [filesOf('parquet', [file])])).rejects.toMatchObject({
      code: 'VP_DUCKDB_PARQUET',
      at: { file: file.uri },
    });
    const gone = { uri: join(project, 'gone.parquet') };
    await expect(stageParts(engine, [filesOf('parquet', [gone])])).rejects.toMatchObject({
      code: 'VP_DUCKDB_FILE_MISSING',
    });
  });

  test('a stream whose producer fails leaves nothing', async () => {
    const { engine } = openEngine();
    function* broken() {
      yield 'id,name\n1,a\n';
      throw new Error('connection lost');
    }
    await expect(stageParts(engine, [streamOf('csv', broken())])).rejects.toThrow('connection lost');
    const bad = streamOf('csv', repeat('id,name\n', 'x,y\n', 2_000));
    await expect(stageParts(engine, [bad])).rejects.toMatchObject({ code: 'VP_DUCKDB_VALUE' });
    await expect(stageParts(engine, [streamOf('arrow', [])])).rejects.toMatchObject({
      code: 'VP_DUCKDB_PAYLOAD_UNSUPPORTED',
    });
    expect(await engine.snapshots()).toEqual([]);
  });
});
