import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunSummary } from '@vp/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { errorOf, expectNoStack } from './lib/faults.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

// Needs to be root on Linux; elsewhere these count as skipped.
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

function shell(script: string, argument: string): void {
  execFileSync('sh', ['-c', script, argument], { stdio: 'ignore' });
}

function mounts(): boolean {
  try {
    shell('d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"', tmpdir());
    return true;
  } catch (error) {
    // A container without the right to mount.
    if (typeof error === 'object' && error !== null && 'status' in error) return false;
    throw error;
  }
}

let cwd: string;
let small: string;
let dispose: () => Promise<void>;

beforeEach(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'shop');
  await vp(['init', 'shop'], { cwd: folder.path });
  write(1_000);
});
afterEach(async () => {
  if (small !== undefined) shell('umount "$0"', small);
  await dispose();
});

/** Mounts so many megabytes at a folder of the project. */
function mount(name: string): void {
  small = join(cwd, name);
  mkdirSync(small, { recursive: true });
  shell('mount -t tmpfs -o size=4m tmpfs "$0"', small);
}

const write = (rows: number) =>
  writeFileSync(
    join(cwd, 'pipeline.ts'),
    `import { asset, pipeline, publish, sink, sql } from 'vibepiper';
export const noise = asset('noise', { sql: sql\`select i, md5(i::varchar) as h from range(\${${rows}}) r(i) where i >= 0\` });
export const count = asset('n', { sql: sql\`select count(*) as n from \${noise}\` });
export default pipeline({ assets: [noise, count], publish: [
  publish(noise, sink('csv', { path: 'out/noise.csv' })), publish(noise, sink('parquet', { path: 'out/noise.parquet' })),
] });
`,
  );

const rows = async () =>
  (
    await vpJson<{ readonly rows: unknown }>(
      ['query', 'select count(*)::int as n, (select n::int from n) as m from noise'],
      { cwd },
    )
  ).data.rows;

test.skipIf(!canMount)(
  'a full disk below .vp: the old snapshots stay and are read, and the next run goes on',
  async () => {
    mount('.vp');
    expect((await vpJson(['run'], { cwd })).code).toBe(0);
    write(2_000_000);
    const full = await vpJson<RunSummary>(['run'], { cwd });
    expect(full.code).toBe(3);
    expect(errorOf(full.data, 'noise')).toMatchObject({ code: 'VP_DUCKDB_DISK_FULL', class: 'config' });
    expect(full.data.results.map(({ status }) => status)).toEqual([
      'failed',
      'blocked',
      'blocked',
      'blocked',
    ]);
    const shown = await vp(['run'], { cwd });
    expect(shown.code).toBe(3);
    expectNoStack(shown.stdout + shown.stderr);
    expect(await rows()).toEqual([{ n: 1_000, m: 1_000 }]);
    expect(readdirSync(join(cwd, '.vp/tmp'))).toEqual([]);
    write(3_000);
    expect((await vpJson(['run', '--from-failed'], { cwd })).code).toBe(0);
    expect(await rows()).toEqual([{ n: 3_000, m: 3_000 }]);
  },
);

test.skipIf(!canMount)(
  'a full disk below a sink: the old file stays whole, and the assets are not held up',
  async () => {
    mount('out');
    expect((await vpJson(['run'], { cwd })).code).toBe(0);
    const before = ['noise.csv', 'noise.parquet'].map((name) => readFileSync(join(cwd, 'out', name)));
    write(500_000);
    const full = await vpJson<RunSummary>(['run'], { cwd });
    expect(full.code).toBe(3);
    for (const id of ['publish:noise->csv', 'publish:noise->parquet']) {
      expect(errorOf(full.data, id)).toMatchObject({
        code: 'VP_FILES_WRITE_FAILED',
        message: expect.stringContaining('the disk is full'),
      });
    }
    expect(['noise.csv', 'noise.parquet'].map((name) => readFileSync(join(cwd, 'out', name)))).toEqual(
      before,
    );
    expect(globSync('.*.vp-tmp.*', { cwd: join(cwd, 'out') })).toEqual([]);
    expect(await rows()).toEqual([{ n: 500_000, m: 500_000 }]);
    rmSync(join(cwd, 'out/noise.csv'));
    write(5_000);
    expect((await vpJson(['run'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'out/noise.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(5_001);
  },
);
