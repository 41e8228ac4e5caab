import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { median } from './lib/numbers.ts';
import { bin } from './lib/vp-project.ts';

const rounds = 31;

/** Milliseconds of one process, from start to end. */
function once(args: readonly string[], cwd: string): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} exits with ${status}`);
  return performance.now() - start;
}

/** Both in turn, so that what else the machine does meets both alike. */
function sideBySide(args: readonly string[], cwd: string) {
  const measured: number[] = [];
  const limit: number[] = [];
  once([bin, ...args], cwd);
  for (let round = 0; round < rounds; round++) {
    measured.push(once([bin, ...args], cwd));
    limit.push(once(['-e', '0'], cwd));
  }
  return { measured: median(measured), limit: median(limit), unit: 'ms', target: 2.5 };
}

export default {
  name: 'start-up of vp',
  limit: 'node -e 0',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'vp-startup-'));
    try {
      const project = join(folder, 'shop');
      spawnSync(process.execPath, [bin, 'init', project]);
      return [
        { ...sideBySide(['--version'], folder), note: '--version' },
        { ...sideBySide(['--help'], folder), note: '--help' },
        { ...sideBySide(['--help'], project), note: '--help in a project with 8 plugins' },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
} satisfies Benchmark;
