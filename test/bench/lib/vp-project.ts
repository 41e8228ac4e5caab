import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const bin = join(import.meta.dirname, '../../../cli/bin/vp.js');

/** A project as `vp init` makes it, with this `pipeline.ts`. */
export function createProject(pipeline: string) {
  const folder = mkdtempSync(join(tmpdir(), 'vp-bench-'));
  const cwd = join(folder, 'shop');
  const { status, stderr } = spawnSync(process.execPath, [bin, 'init', cwd], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  writeFileSync(join(cwd, 'pipeline.ts'), pipeline);
  return { cwd, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs `vp <args> --json` in a process of its own; gives its document and the seconds from start to end. */
export function timed(
  args: readonly string[],
  cwd: string,
): { readonly seconds: number; readonly json: string } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args, '--json'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const seconds = (performance.now() - start) / 1_000;
  if (status !== 0) throw new Error(`vp ${args.join(' ')} exits with ${status}: ${stdout}${stderr}`);
  return { seconds, json: stdout };
}
