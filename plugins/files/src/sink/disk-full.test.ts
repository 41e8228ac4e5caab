import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CommitMeta, payloadFromRows, t, toTableSchema } from '@vp/plugin-sdk';
import { afterEach, expect, test } from 'vitest';
import { callContext, errorOf } from '../../test/workbench.ts';
import { createNative } from '../native/reader.ts';
import { fileSink } from './sink.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountable();
let folder: string | undefined;

afterEach(async () => {
  if (folder === undefined) return;
  shell('umount "$0"', folder);
  await rm(folder, { recursive: true });
  folder = undefined;
});

function shell(script: string, argument: string): void {
  execFileSync('sh', ['-c', script, argument], { stdio: 'ignore' });
}

function mountable(): boolean {
  try {
    shell('d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"', '');
    return true;
  } catch (error) {
    // A container without the right to mount: there the test does not apply.
    if (typeof error === 'object' && error !== null && 'status' in error) return false;
    throw error;
  }
}

const schema = toTableSchema({ id: t.int64(), noise: t.text() });
const metaOf = (token: string): CommitMeta => ({
  runId: 'r',
  stepId: 's',
  token,
  fingerprint: 'f',
  inputs: {},
});

function* rows(count: number) {
  for (let i = 0; i < count; i++) yield { id: BigInt(i), noise: crypto.randomUUID() };
}

test.skipIf(!canMount).for(['csv', 'parquet', 'ndjson'] as const)(
  'a full disk leaves the old %s file untouched, and no traces',
  async (format) => {
    folder = await mkdtemp(join(tmpdir(), 'vp-full-'));
    shell('mount -t tmpfs -o size=1m tmpfs "$0"', folder);
    const project = folder;
    await using native = createNative({ spill: join(tmpdir(), 'vp-spill'), memory: '256MB' });
    const paths = { project, state: join(project, '.vp'), resolve: (path: string) => resolve(project, path) };
    const sink = fileSink({ format, paths, native });
    const options = { path: `a.${format}` };
    const write = async (token: string, count: number) => {
      const request = { options, schema, mode: 'replace', format: 'rows', token } as const;
      const writer = await sink.open(request, callContext());
      try {
        await writer.write(payloadFromRows(rows(count), schema), callContext());
        await writer.commit(metaOf(token), callContext());
      } finally {
        await writer.close();
      }
    };
    await write('small', 10);
    const before = await readFile(join(folder, `a.${format}`));
    const error = await errorOf(write('large', 100_000));
    expect(error).toMatchObject({
      code: 'VP_FILES_WRITE_FAILED',
      message: expect.stringContaining('the disk is full'),
    });
    expect(await readFile(join(folder, `a.${format}`))).toEqual(before);
    expect(await readdir(folder)).toEqual([`.a.${format}.vp.json`, `a.${format}`]);
    expect((await sink.inspect({ options }, callContext())).committed?.token).toBe('small');
    await write('again', 20);
  },
);
