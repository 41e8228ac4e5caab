import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { best } from './lib/numbers.ts';

const plugins = 100;
const rounds = 15;

const manifest = (name: string) => ({
  name,
  version: '1.2.3',
  description: 'A plugin as large as a real one',
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=24', vp: '^1.0.0' },
  peerDependencies: { '@vp/plugin-sdk': '^1.0.0' },
  vp: {
    manifestVersion: 1,
    entry: './plugin.js',
    contributes: {
      sources: [
        {
          id: name,
          contract: 'source@1',
          formats: ['arrow', 'csv', 'rows'],
          capabilities: ['discover', 'incremental'],
          config: { type: 'object', properties: { host: { type: 'string' }, port: { type: 'integer' } } },
        },
      ],
      sinks: [{ id: name, contract: 'sink@1', formats: ['csv', 'rows'], config: './config.schema.json' }],
    },
    requires: { services: ['vp.secrets@1', 'vp.logger@1'] },
    permissions: { network: ['*:5432'], secrets: ['config.password'] },
  },
});

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
    const projectDir = mkdtempSync(join(tmpdir(), 'vp-bench-'));
    const script = join(import.meta.dirname, `.boot-${process.pid}.mjs`);
    try {
      writeFileSync(script, boot);
      for (let i = 0; i < plugins; i++) {
        const name = `plugin-${i}`;
        const folder = join(projectDir, 'node_modules', name);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest(name), null, 2));
        // Nobody may load it.
        writeFileSync(join(folder, 'plugin.js'), 'throw new Error("a plugin was imported");');
      }
      const run = (count: number) => {
        const { stdout, stderr, status } = spawnSync(process.execPath, [script, projectDir, String(count)], {
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(stderr);
        return Number(stdout);
      };
      const empty: number[] = [];
      const full: number[] = [];
      for (let round = 0; round < rounds; round++) {
        empty.push(run(0));
        full.push(run(plugins));
      }
      return [{ measured: best(full) - best(empty), limit: 0, unit: 'ms', target: 50 }];
    } finally {
      rmSync(projectDir, { recursive: true });
      rmSync(script, { force: true });
    }
  },
} satisfies Benchmark;
