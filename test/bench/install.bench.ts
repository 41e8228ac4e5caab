import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '@vp/registry';
import { sourcePlugin, startFixtureRegistry } from '../../installer/test/lib/fixture-registry.ts';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { publishFirstParty } from '../../scripts/lib/publish-first-party.ts';
import { asyncOnce } from './lib/async-once.ts';
import { median } from './lib/numbers.ts';
import { bin } from './lib/vp-project.ts';

const rounds = 7;
const plugin = '@vp/checks';
const needed = ['@vp/contracts', '@vp/kernel', '@vp/plugin-sdk', plugin];

/** Milliseconds of one process, from start to end. */
function once(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exits with ${status}: ${stderr}`);
  return performance.now() - start;
}

let folders = 0;

/**
 * A folder of its own for each round: nothing is installed, npm's cache is warm. None is removed before the
 * end: file systems are slow to create what was just deleted.
 */
function fresh(root: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const toml = '[project]\nname = "x"\n';

/** `vp plugins install` and `npm install` of one plugin, in turn. */
async function besideNpm(root: string, env: NodeJS.ProcessEnv) {
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  await using registry = await startRegistry({
    dataDir: join(root, 'registry'),
    port: 0,
    settings: { upstream },
  });
  const { url, adminToken: token = '' } = registry;
  await publishFirstParty({ registry: url, token, only: needed });
  const npmrc = `registry=${url}\n`;
  const measured: number[] = [];
  const limit: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const vp = fresh(root, { 'vp.toml': toml, '.npmrc': npmrc });
    const ours = once(process.execPath, [bin, 'plugins', 'install', plugin, '--yes'], vp, env);
    const npm = fresh(root, { 'package.json': '{}', '.npmrc': npmrc });
    const theirs = once('npm', ['install', plugin, '--ignore-scripts', '--no-audit', '--no-fund'], npm, env);
    // The first round warms the caches.
    if (round === 0) continue;
    measured.push(ours);
    limit.push(theirs);
  }
  return {
    measured: median(measured),
    limit: median(limit),
    unit: 'ms',
    target: 0.5,
    note: `${plugin}, warm`,
  };
}

/** `--frozen` of 30 plugins on a machine that has none of them, npm's cache warm. */
async function thirtyFrozen(root: string, env: NodeJS.ProcessEnv) {
  await using registry = await startFixtureRegistry();
  const lines = Array.from({ length: 40 }, (_, at) => [
    `lib/${at}.js`,
    `export default ${at};\n`.repeat(100),
  ]);
  for (let at = 0; at < 30; at++) {
    await registry.publish({ name: `dep-${at}`, version: '1.0.0', files: Object.fromEntries(lines) });
    const manifest = { dependencies: { [`dep-${at}`]: '^1.0.0', 'dep-0': '^1.0.0' } };
    await registry.publish({
      name: `@acme/p${at}`,
      version: '1.0.0',
      vp: sourcePlugin(`p${at}`),
      manifest,
      files: Object.fromEntries(lines),
    });
  }
  const npmrc = `registry=${registry.url}\n`;
  const first = fresh(root, { 'vp.toml': toml, '.npmrc': npmrc });
  const all = Array.from({ length: 30 }, (_, at) => `@acme/p${at}`);
  await asyncOnce(process.execPath, [bin, 'plugins', 'install', ...all, '--yes'], first, env);
  const measured: number[] = [];
  for (let round = 0; round < 3; round++) {
    const next = fresh(root, {});
    for (const file of ['vp.toml', 'vp.lock', '.npmrc']) cpSync(join(first, file), join(next, file));
    measured.push(await asyncOnce(process.execPath, [bin, 'plugins', 'install', '--frozen'], next, env));
  }
  return {
    measured: median(measured),
    limit: 5_000,
    unit: 'ms',
    target: 1,
    note: '--frozen of 30 plugins, limit 5 s',
  };
}

export default {
  name: 'install of a plugin',
  limit: 'npm install of the same',
  async run() {
    const root = mkdtempSync(join(tmpdir(), 'vp-install-bench-'));
    const env = { ...process.env, npm_config_cache: join(root, 'cache'), NO_COLOR: '1' };
    try {
      return [await besideNpm(root, env), await thirtyFrozen(root, env)];
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
} satisfies Benchmark;
