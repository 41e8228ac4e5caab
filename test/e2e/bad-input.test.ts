import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import type { RunSummary } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf, expectNoStack } from './lib/faults.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let cwd: string;
let dispose: () => Promise<void>;
let summary: RunSummary;
let exitCode: number | null;

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${from + i},name ${from + i}\n`).join('');
const gzipped = gzipSync(`id,name\n${lines(0, 5_000)}`);
const files: Readonly<Record<string, string | Buffer>> = {
  'good.csv': 'id,name\n1,Ann\n2,Bob\n',
  'header.csv': 'id,name\n',
  'empty.csv': '',
  'empty.json': '',
  'empty.parquet': '',
  'more.csv': 'id,name\n1,Ann\n2,Bob,x,y\n',
  'less.csv': 'id,name,age\n1,Ann,3\n2,Bob\n',
  'late.csv': `id,name\n${lines(0, 40_000)}x,1\n`,
  'latin.csv': Buffer.from('id,name\n1,Ann\n2,Zoë\n', 'latin1'),
  'quote.csv': 'id,name\n1,"Ann\n2,Bob\n',
  'twice.csv': 'id,name,id\n1,Ann,2\n',
  'cut.csv.gz': gzipped.subarray(0, gzipped.length / 2),
  'plain.csv.gz': 'id,name\n1,Ann\n',
  'bad.json': '[{"a":1},{"a":2},]',
  'cut.ndjson': '{"a":1}\n{"a":',
  'text.parquet': 'this is no Parquet file',
  'mixed-1.csv': 'id,name\n1,a\n',
  'mixed-2.csv': 'id,other\n1,a\n',
};

/** By asset: the path, and the code, place and text of the error. */
const cases: readonly (readonly [asset: string, path: string, code: string, at: object, text: RegExp])[] = [
  ['empty', 'empty.csv', 'VP_FILES_EMPTY', { file: 'data/empty.csv' }, /is empty/],
  ['empty_json', 'empty.json', 'VP_FILES_EMPTY', { file: 'data/empty.json' }, /is empty/],
  ['empty_parquet', 'empty.parquet', 'VP_FILES_EMPTY', { file: 'data/empty.parquet' }, /is empty/],
  [
    'more',
    'more.csv',
    'VP_FILES_RAGGED',
    { row: 2, byte: 14 },
    /Row 2 .* \(byte 14\) has 4 fields.* 2 columns/,
  ],
  [
    'less',
    'less.csv',
    'VP_FILES_RAGGED',
    { row: 2, byte: 20 },
    /Row 2 .* \(byte 20\) has 2 fields.* 3 columns/,
  ],
  ['late', 'late.csv', 'VP_DUCKDB_VALUE', { row: 40_001, byte: 657_788 }, /Column "id": "x"/],
  ['latin', 'latin.csv', 'VP_FILES_ENCODING', { row: 2, byte: 18 }, /not UTF-8: row 2 has the bytes 0xeb/],
  ['quote', 'quote.csv', 'VP_FILES_QUOTE', { row: 1, byte: 10 }, /within a quoted field/],
  ['twice', 'twice.csv', 'VP_FILES_COLUMN_TWICE', { file: 'data/twice.csv' }, /"id" twice: columns 1 and 3/],
  ['cut_gzip', 'cut.csv.gz', 'VP_FILES_TRUNCATED', { file: 'data/cut.csv.gz' }, /gzip.*unexpected end/],
  ['no_gzip', 'plain.csv.gz', 'VP_FILES_TRUNCATED', { file: 'data/plain.csv.gz' }, /incorrect header/],
  ['bad_json', 'bad.json', 'VP_FILES_JSON', { file: 'data/bad.json' }, /not valid JSON: at byte/],
  [
    'cut_ndjson',
    'cut.ndjson',
    'VP_FILES_TRUNCATED',
    { file: 'data/cut.ndjson' },
    /cut off: at byte \d+ in line/,
  ],
  ['no_parquet', 'text.parquet', 'VP_FILES_TRUNCATED', { file: 'data/text.parquet' }, /begin like a Parquet/],
  ['cut_parquet', 'cut.parquet', 'VP_FILES_TRUNCATED', { file: 'data/cut.parquet' }, /footer is missing/],
  ['rotten', 'rotten.parquet', 'VP_DUCKDB_PARQUET', {}, /rotten\.parquet/],
  ['mixed', 'mixed-*.csv', 'VP_FILES_SCHEMA_MIXED', { file: 'pipeline.ts' }, /name missing; other added/],
  [
    'dangling',
    'dangling.csv',
    'VP_FILES_UNREADABLE',
    { file: 'data/dangling.csv' },
    /link to .*nowhere.*not exist/,
  ],
  ['folder', 'folder.csv', 'VP_FILES_IS_FOLDER', { file: 'pipeline.ts' }, /folder\.csv is a folder/],
  ['typo', 'god.csv', 'VP_FILES_NOT_FOUND', { file: 'pipeline.ts' }, /Did you mean "good\.csv"\?/],
  [
    'no_match',
    'nothing-*.csv',
    'VP_FILES_NOT_FOUND',
    { file: 'pipeline.ts' },
    /No file matches data\/nothing-\*/,
  ],
  ['no_format', '../vp.toml', 'VP_FILES_FORMAT_UNKNOWN', { file: 'pipeline.ts' }, /format of .*vp\.toml/],
];

async function wholeParquet(path: string): Promise<Buffer> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  await connection.run(`copy (select i, hash(i) as h from range(50000) r(i)) to '${path}' (format parquet)`);
  connection.closeSync();
  database.closeSync();
  return readFileSync(path);
}

const pipelineOf = (paths: Readonly<Record<string, string>>) => `
import { asset, pipeline, source } from 'vibepiper';
const paths = ${JSON.stringify(paths)};
export default pipeline({
  assets: Object.entries(paths).map(([name, path]) => asset(name, { source: source('files', { path: 'data/' + path }) })),
});
`;

beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'shop');
  await vp(['init', 'shop'], { cwd: folder.path });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, 'data', name), content);
  const parquet = await wholeParquet(join(cwd, 'data/whole.parquet'));
  writeFileSync(join(cwd, 'data/cut.parquet'), parquet.subarray(0, parquet.length / 2));
  // Noise where the pages are; the footer is whole.
  writeFileSync(join(cwd, 'data/rotten.parquet'), Buffer.from(parquet).fill(0xff, 100, 60_000));
  symlinkSync('/nowhere/at/all', join(cwd, 'data/dangling.csv'));
  mkdirSync(join(cwd, 'data/folder.csv'));
  const paths = Object.fromEntries(cases.map(([asset, path]) => [asset, path]));
  writeFileSync(join(cwd, 'pipeline.ts'), pipelineOf({ good: 'good.csv', header: 'header.csv', ...paths }));
  const answer = await vpJson<RunSummary>(['run'], { cwd });
  summary = answer.data;
  exitCode = answer.code;
}, 60_000);
afterAll(() => dispose());

test.each(cases)('%s', (asset, _, code, at, text) => {
  const error = errorOf(summary, asset);
  expect(error).toMatchObject({ code, at, message: expect.stringMatching(text) });
});

test('what is whole is read beside it; a file of a header alone is a table without rows', () => {
  const fates = summary.results.filter(({ status }) => status !== 'failed');
  expect(fates.map(({ stepId, status, rows }) => [stepId, status, rows])).toEqual([
    ['good', 'succeeded', 2],
    ['header', 'succeeded', 0],
  ]);
  expect(exitCode).toBe(1);
  expect(summary.run.steps).toMatchObject({ failed: cases.length, succeeded: 2 });
});

test('as text there is the same, without a stack, also in the log of the run', async () => {
  const late = await vp(['run', 'late'], { cwd });
  expect(late.stdout).toMatch(
    /FAILED late VP_DUCKDB_VALUE\n.*"x".*\n +at .*late\.csv.*, row 40001, byte \d+\n +next /,
  );
  const all = await vp(['run'], { cwd });
  const logged = await vp(['runs', 'logs', 'latest'], { cwd });
  for (const [asset] of cases) expect(all.stderr).toContain(`FAIL ${asset}  `);
  for (const text of [late.stdout, all.stdout, all.stderr, logged.stdout]) expectNoStack(text);
});

test('a bad file after a good one keeps the good snapshot, and a good one after it is read', async () => {
  const file = join(cwd, 'data/good.csv');
  const rows = async () => (await vpJson(['query', 'select * from good'], { cwd })).data;
  const before = await rows();
  writeFileSync(file, 'id,name\n1,Ann\n2,Bob,3\n');
  const failed = await vpJson<RunSummary>(['run', 'good'], { cwd });
  expect([failed.code, errorOf(failed.data, 'good').code]).toEqual([1, 'VP_FILES_RAGGED']);
  expect(await rows()).toEqual(before);
  cpSync(join(cwd, 'data/header.csv'), file);
  writeFileSync(file, 'id,name\n7,Cy\n');
  expect((await vpJson(['run', 'good'], { cwd })).code).toBe(0);
  expect(await rows()).toMatchObject({ rows: [{ id: 7, name: 'Cy' }] });
});
