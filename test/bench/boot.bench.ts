import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { writeLockedPlugins, writeLoosePlugins } from './lib/many-plugins.ts';
import { best } from './lib/numbers.ts';

const plugins = 100;
const rounds = 15;

/** A boot as `vp` does it, in a process of its own, that prints how long it took. */
const boot = `
  import { configLayers, createKernel, resolveConfig } from '@vp/kernel';
  const [projectDir, count] = process.argv.slice(2);
  const plugins = Object.fromEntries(
    Array.from({ length: Number(count) }, (_, i) => ['plugin-' + i, { version: '^1.0.0', grants: 'all' }]),
  );
  const where = () => ({ text: 'vp.toml' });
  const start = performance.now();
  const config = resolveConfig({ layers: configLayers({ file: { values: { project: { name: 'bench' }, plugins }, where } }) });
  const kernel = await createKernel({ projectDir, config });
  const took = performance.now() - start;
  if (kernel.plugins().filter((plugin) => plugin.state === 'resolved').length !== Number(count)) {
    throw new Error(kernel.problems()[0]?.message ?? 'a plugin was not resolved');
  }
  console.log(took);
`;

export default {
  name: 'boot with 100 installed plugins, over an empty boot',
  limit: 'an empty boot',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'vp-bench-'));
    const script = join(import.meta.dirname, `.boot-${process.pid}.mjs`);
    try {
      writeFileSync(script, boot);
      const [loose, locked] = [join(folder, 'loose'), join(folder, 'locked')];
      for (const project of [loose, locked]) mkdirSync(project);
      writeLoosePlugins(loose, plugins);
      writeLockedPlugins(locked, plugins, 300);
      const run = (project: string, count: number) => {
        const { stdout, stderr, status } = spawnSync(process.execPath, [script, project, String(count)], {
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(stderr);
        return Number(stdout);
      };
      const empty: number[] = [];
      const full: number[] = [];
      const verified: number[] = [];
      for (let round = 0; round < rounds; round++) {
        empty.push(run(loose, 0));
        full.push(run(loose, plugins));
        verified.push(run(locked, plugins));
      }
      return [
        { measured: best(full) - best(empty), limit: 0, unit: 'ms', target: 50 },
        {
          measured: best(verified) - best(full),
          limit: 0,
          unit: 'ms',
          target: 30,
          note: 'start-up verification of 100 plugins, added',
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
      rmSync(script, { force: true });
    }
  },
} satisfies Benchmark;
