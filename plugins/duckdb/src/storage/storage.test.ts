import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, context, meta, openEngine, put, reopen, rowsOf, steeredClock } from '../../test/support.ts';
import { createSnapshotId, isSnapshotId } from './ids.ts';
import { assetFolder, partitionFolder } from './names.ts';

const writerScript = fileURLToPath(new URL('../../test/writer.ts', import.meta.url));
const noNativeScript = fileURLToPath(new URL('../../test/no-native.ts', import.meta.url));

describe('names', () => {
  test('no two assets share a folder, also where upper and lower case are the same', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 2, maxLength: 8 }),
        (names) => {
          const folders = names.map((n) => assetFolder(n).toLowerCase());
          expect(new Set(folders).size).toBe(names.length);
          for (const folder of folders) expect(folder).toMatch(/^(?!\.)[a-z0-9_.%-]{1,200}$/);
        },
      ),
    );
    expect(assetFolder('shop.orders')).toBe('shop.orders');
    expect(assetFolder('..')).not.toContain('..');
    expect(partitionFolder('date=2001-03,region=e%2Fu')).toBe('date=2001-03,region=e%2Fu');
    expect(partitionFolder(undefined)).toBe('_');
  });

  test('ids sort by time, also within a millisecond', () => {
    const ids = Array.from({ length: 50 }, () => createSnapshotId(1_000));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every(isSnapshotId)).toBe(true);
  });
});

describe('what is removed', () => {
  test('the newest are kept, and what was replaced a short time ago', async () => {
    const { clock, advance } = steeredClock();
    const { engine } = openEngine({ keep_snapshots: 100, snapshot_grace_minutes: 60 }, clock);
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ids.push((await put(engine, 'a', `SELECT ${i} AS x`)).id);
      advance(30 * 60_000);
    }
    expect(await engine.collectGarbage({ keep: 1 })).toHaveLength(3);
    expect((await engine.history({ asset: 'a' })).map((s) => s.id)).toEqual([ids[4], ids[3]]);
    await engine.restore({ asset: 'a' }, ids[3] ?? '');
    advance(10 * 3_600_000);
    expect(await engine.collectGarbage({ keep: 1 })).toEqual([]);
    expect(await ask(engine, 'FROM a')).toEqual([[3]]);
  });

  test('a commit removes what is beyond keep_snapshots, but nothing that is being read', async () => {
    const { engine } = openEngine({ keep_snapshots: 1, snapshot_grace_minutes: 0 });
    await put(engine, 'a', 'SELECT range AS i FROM range(1_000_000)');
    const reading = await engine.read({ asset: 'a', format: 'rows' }, context());
    await put(engine, 'a', 'SELECT 1 AS i');
    await put(engine, 'a', 'SELECT 2 AS i');
    expect(await engine.history({ asset: 'a' })).toHaveLength(2);
    if (reading.payload.carrier !== 'rows') throw new Error('rows expected');
    expect((await rowsOf(reading.payload)).length).toBe(1_000_000);
    await reading.close();
    await put(engine, 'a', 'SELECT 3 AS i');
    expect(await engine.history({ asset: 'a' })).toHaveLength(1);
  });

  test('staged data of the dead goes, that of the living stays', async () => {
    const { engine, project } = openEngine();
    const tmp = join(project, '.vp/tmp');
    const query = { sql: { strings: ['SELECT 1 AS x'], parts: [] }, inputs: {} };
    const staged = await engine.stage({ target: { asset: 'a' }, input: { kind: 'query', query } }, context());
    const [own = ''] = readdirSync(tmp);
    const dead = own.replace(/^stage-\d+/, 'stage-4194305');
    const reused = own.replace(/^(stage-\d+-[0-9a-f]+)-\d+/, '$1-1');
    for (const name of [dead, reused]) mkdirSync(join(tmp, name, 'x'), { recursive: true });
    expect(await reopen(project).collectGarbage({ keep: 1 })).toEqual(
      expect.arrayContaining(
        process.platform === 'linux' ? [join(tmp, dead), join(tmp, reused)] : [join(tmp, dead)],
      ),
    );
    expect((await staged.commit(meta())).rows).toBe(1);
  });

  test('a commit that died before its pointer moved is no history', async () => {
    const { engine, project } = openEngine();
    const { id } = await put(engine, 'a', 'SELECT 1 AS x');
    const folder = join(project, '.vp/data/a/_');
    const stray = createSnapshotId(Date.now() + 1_000);
    cpSync(join(folder, id), join(folder, stray), { recursive: true });
    rmSync(join(folder, stray, 'snapshot.json'));
    // And one whose pointer moved, but that got no record of its own any more.
    rmSync(join(folder, id, 'snapshot.json'));
    expect((await engine.history({ asset: 'a' })).map((s) => s.id)).toEqual([id]);
    const next = await put(engine, 'a', 'SELECT 2 AS x');
    expect((await engine.history({ asset: 'a' })).map((s) => s.id).sort()).toEqual([id, next.id].sort());
  });
});

test('an asset that is partitioned otherwise than before is read in its new layout', async () => {
  const { engine } = openEngine();
  await put(engine, 'a', 'SELECT 1 AS x');
  await put(engine, 'a', 'SELECT 2 AS x', { partition: { day: '2001-01-01' } });
  await put(engine, 'a', 'SELECT 3 AS x', { partition: { day: '2001-01-02' } });
  expect(await ask(engine, 'FROM a ORDER BY x')).toEqual([[2], [3]]);
  expect(await engine.snapshots(['a', 'nothing'])).toHaveLength(2);
  await put(engine, 'a', 'SELECT 4 AS x, 5 AS y', { partition: { day: '2001-01-02' } });
  expect(await ask(engine, 'FROM a ORDER BY x')).toEqual([
    [2, null],
    [4, 5],
  ]);
});

test('a pointer of another asset, or a missing file of a snapshot, is told', async () => {
  const { engine, project } = openEngine();
  await put(engine, 'a', 'SELECT 1 AS x');
  const data = join(project, '.vp/data');
  cpSync(join(data, 'a'), join(data, 'b'), { recursive: true });
  await expect(engine.snapshots(['b'])).rejects.toThrow(/belongs to the asset "a"/);
  const [snapshot] = await engine.snapshots(['a']);
  renameSync(join(snapshot?.location ?? '', 'part-0.parquet'), join(data, 'elsewhere.parquet'));
  await expect(ask(engine, 'FROM a')).rejects.toMatchObject({ code: 'VP_DUCKDB_FILE_MISSING' });
  writeFileSync(join(data, 'a/_/current.json'), '{}');
  await expect(engine.restore({ asset: 'a' }, 'x')).rejects.toMatchObject({
    code: 'VP_DUCKDB_POINTER_CORRUPT',
  });
});

test('what is known from the pointers does not load the native library', async () => {
  const { engine, project } = openEngine();
  await put(engine, 'a', 'SELECT 1 AS x');
  const { stdout } = await promisify(execFile)(process.execPath, [noNativeScript, project]);
  expect(JSON.parse(stdout)).toEqual({ snapshots: 1, duckdb: [] });
});

test('kill -9 of a writer at any moment: readers see whole snapshots, the next writer goes on', {
  timeout: 60_000,
}, async () => {
  const { engine, project } = openEngine();
  let last = 0;
  for (let round = 0; round < 8; round += 1) {
    const writer = spawn(process.execPath, [writerScript, project, String(last + 1)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void writer.kill('SIGKILL'));
    const exited = new Promise((resolve) => writer.on('exit', resolve));
    let told = last;
    writer.stdout.on('data', (text: Buffer) => {
      told = Number(text.toString().trim().split('\n').at(-1));
    });
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    const until = performance.now() + Math.random() * 250;
    do {
      expect(await ask(engine, 'SELECT max(version) - min(version), count(*) FROM a')).toEqual([
        [0, 20_000n],
      ]);
    } while (performance.now() < until);
    writer.kill('SIGKILL');
    await exited;
    const [[version]] = (await ask(engine, 'SELECT any_value(version) FROM a')) as [[number]];
    // At most one commit was done and not told yet.
    expect(version - told).toBeLessThanOrEqual(1);
    expect(version).toBeGreaterThanOrEqual(told);
    const [current] = await engine.snapshots(['a']);
    expect(current?.commit.state).toBe(version);
    last = version;
  }
  expect((await engine.collectGarbage({ keep: 3 })).some((path) => path.includes('stage-'))).toBe(true);
  expect(existsSync(join(project, '.vp/data/a/_/current.json'))).toBe(true);
});
