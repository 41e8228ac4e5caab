import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, context, fields, meta, openEngine, put, rowsPayload, stageParts } from '../test/support.ts';

/** A file system of a few megabytes in the project's place for data; only root may mount one. */
function mountSmall(project: string): boolean {
  const state = join(project, '.vp');
  mkdirSync(state);
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', state], { stdio: 'ignore' });
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
  onTestFinished(() => void execFileSync('/bin/umount', ['-l', state]));
  return true;
}

test('a full disk is told, and nothing half-written is seen', async ({ skip }) => {
  const { engine, project } = openEngine({ compression: 'uncompressed' });
  if (!mountSmall(project)) skip('needs root, to mount a small tmpfs');
  await put(engine, 'a', 'SELECT 1::BIGINT AS i');
  const tooMuch = 'SELECT hash(range) AS i FROM range(2_000_000)';
  await expect(put(engine, 'a', tooMuch)).rejects.toMatchObject({
    code: 'VP_DUCKDB_DISK_FULL',
    class: 'config',
  });
  const schema = fields({ i: { kind: 'float64' } });
  const rows = Array.from({ length: 1_200_000 }, () => [Math.random()]);
  await expect(stageParts(engine, [rowsPayload(schema, rows, 10_000)])).rejects.toMatchObject({
    code: 'VP_DUCKDB_DISK_FULL',
  });
  expect(await ask(engine, 'FROM a')).toEqual([[1n]]);
  expect(await engine.history({ asset: 'a' })).toHaveLength(1);
  // What failed left its space.
  const [scratch = ''] = readdirSync(join(project, '.vp/tmp'));
  expect(
    readdirSync(join(project, '.vp/tmp', scratch)).filter((name) => name.startsWith('snapshot')),
  ).toEqual([]);
  const staged = await stageParts(engine, [rowsPayload(schema, rows.slice(0, 1_000))]);
  expect((await staged.commit(meta())).rows).toBe(1_000);
  expect((await engine.check(context())).ok).toBe(true);
});
