import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asset, check, daily, partition, source, sql, t, time } from '../index.ts';
import { runAsset } from './index.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const plugins = ['duckdb', 'executor-local', 'metadata-sqlite', 'transform-ts', 'checks'];

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'vp-run-asset-'));
  await symlink(join(repository, 'node_modules'), join(project, 'node_modules'));
  const lines = plugins.map((name) => `[plugins."@vp/${name}"]\nversion = "*"\ngrants = "all"\n`);
  await writeFile(join(project, 'vp.toml'), `[project]\nname = "test"\n${lines.join('')}`);
});
afterAll(() => rm(project, { recursive: true, force: true }));

const flights = asset('flights', {
  source: source('files', { path: 'nowhere.csv' }),
  schema: { id: t.int64(), at: t.timestamp(), delay: t.int32().nullable() },
  partitions: daily({ start: '2001-01-01', end: '2001-01-04' }),
});

const late = asset('late', {
  from: flights,
  schema: { id: t.int64(), late: t.bool() },
  rows: (row) => (row.delay === null ? null : { id: row.id, late: row.delay > 15 }),
  checks: [check.rowCount({ min: 100 })],
});

const at = (text: string) => time.fromISO(text);
const rows = [
  { id: 1n, at: at('2001-01-01T10:00'), delay: 20 },
  { id: 2n, at: at('2001-01-02T10:00'), delay: 3 },
  { id: 3n, at: at('2001-01-02T11:00') },
];

test('a row function on given rows; nullable columns may be left out', async () => {
  expect(await runAsset(late, { project, inputs: { flights: rows } })).toEqual([
    { id: 1n, late: true },
    { id: 2n, late: false },
  ]);
});

test('a partition of a SQL asset, without a source being asked', async () => {
  const daily_count = asset('daily_count', {
    sql: sql`select count(*) as n from ${flights} where ${flights.columns.at} >= ${partition.start} and ${flights.columns.at} < ${partition.end}`,
    schema: { n: t.int64() },
    partitions: daily({ start: '2001-01-01', end: '2001-01-04' }),
  });
  expect(
    await runAsset(daily_count, { project, inputs: { flights: rows }, partition: '2001-01-02' }),
  ).toEqual([{ n: 2n }]);
});

test.each([
  [{ flihgts: rows }, 'VP_TESTING_INPUT_UNKNOWN', 'Did you mean "flights"?'],
  [{}, 'VP_TESTING_INPUT_MISSING', 'Add inputs: { flights: [] }.'],
])('wrong inputs %#', async (inputs, code, hint) => {
  await expect(runAsset(late, { project, inputs })).rejects.toMatchObject({ code, hint });
});

test('a failure says why, and a source cannot be run', async () => {
  const broken = asset('broken', {
    from: flights,
    schema: { id: t.int64() },
    rows: () => {
      throw new RangeError('boom');
    },
  });
  await expect(runAsset(broken, { project, inputs: { flights: rows } })).rejects.toMatchObject({
    code: 'VP_TESTING_STEP_FAILED',
    message: expect.stringContaining('boom'),
  });
  await expect(runAsset(flights, { project })).rejects.toMatchObject({ code: 'VP_TESTING_NOT_RUNNABLE' });
});
