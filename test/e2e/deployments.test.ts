import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RegistrySite, startRegistrySite } from '../services/registry.ts';
import { commandLines } from './lib/documentation.ts';
import { temporaryFolder, vp } from './lib/vp.ts';
import { publishWeather, weatherReleases, writeFiles } from './lib/weather-plugin.ts';

// docs/deployments.md, as a platform team follows it: every command of its blocks, in order.

const file = 'docs/deployments.md';
const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const lines = commandLines({ file, text }).filter(({ isWhole }) => isWhole);
const [, policy = ''] = /```toml\n(\[policy\](?:.|\n)*?)```/.exec(text) ?? [];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let site: RegistrySite;
let shop: string;

const publish = async (...versions: readonly string[]) => {
  const target = { folder: folder.path, url: site.url, token: site.adminToken };
  for (const release of weatherReleases)
    if (versions.includes(release.version)) await publishWeather(release, target);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  shop = join(folder.path, 'shop');
  site = await startRegistrySite();
  await publish('1.0.0');
  writeFiles(shop, {
    'vp.toml': '[project]\nname = "shop"\n\n[connections.home]\nuse = "weather"\nhost = "stations.example"\n',
    'pipeline.ts':
      "import { asset, pipeline, source } from 'vibepiper';\nconst temperatures = asset('temperatures', { source: source('weather', { connection: 'home' }) });\nexport default pipeline({ assets: [temperatures] });\n",
    '.npmrc': `registry=${site.url}/\ncache=${join(folder.path, 'cache')}\n`,
  });
  mkdirSync(join(shop, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '../../cli'), join(shop, 'node_modules', 'vibepiper'));
}, 30_000);

afterAll(async () => {
  await site?.close();
  await folder?.dispose();
});

test('every command of the page does what the page says', async () => {
  expect(lines.length).toBeGreaterThan(15);
  const env = { XDG_CONFIG_HOME: join(folder.path, 'config') };
  const said: Record<string, string> = {};
  let cwd = shop;
  for (const { words, place } of lines) {
    const command = words.slice(1).join(' ');
    if (command === 'outdated') await publish('1.1.0', '2.0.0');
    if (command.includes('--from') && cwd === shop) {
      // The machine without a network: it has the file, and no .npmrc.
      cwd = join(folder.path, 'elsewhere');
      mkdirSync(cwd);
      for (const name of ['vp.toml', 'vp.bundle']) copyFileSync(join(shop, name), join(cwd, name));
    }
    const { code, stdout, stderr } = await vp(words, { cwd, env });
    expect({ place, code }, stdout + stderr).toEqual({ place, code: 0 });
    said[command] = stdout;
    if (command.startsWith('install weather-2')) said.both = (await vp(['plugins', 'list'], { cwd })).stdout;
  }
  expect(said['search weather --kind source']).toContain('@acme/weather');
  expect(said['why @acme/weather']).toMatch(/used by +temperatures/);
  expect(said['install --frozen']).toContain('1 plugin, every byte as vp.lock says.');
  expect(said.outdated).toMatch(/@acme\/weather +1\.0\.0 +1\.1\.0 +2\.0\.0/);
  expect(said['upgrade --plan']).toContain('+ reads secrets: token of your configuration');
  expect(said.rollback).toContain('@acme/weather 1.1.0 -> 1.0.0');
  expect(said.both).toMatch(/@acme\/weather +1\.0\.0 +usable .* source weather\n/);
  expect(said.both).toMatch(/weather-2 +2\.0\.0 +usable .* source weather-2:weather/);
  expect(said['bundle --for linux-x64 -o vp.bundle']).toContain('Bundled 1 plugin, 1 package for linux-x64');
  for (const name of ['vp.lock', 'vp.toml'])
    expect(readFileSync(join(cwd, name), 'utf8')).toBe(readFileSync(join(shop, name), 'utf8'));
}, 60_000);

test('the policy of the page holds: what is too young, or from a registry that may not serve it, is refused', async () => {
  const cwd = join(folder.path, 'strict');
  const npmrc = readFileSync(join(shop, '.npmrc'), 'utf8');
  const install = (toml: string) => {
    writeFiles(cwd, { 'vp.toml': `[project]\nname = "strict"\n\n${toml}`, '.npmrc': npmrc });
    return vp(['plugins', 'install', '@acme/weather', '--yes'], { cwd });
  };
  const young = await install(policy);
  expect(young.code).toBe(3);
  expect(young.stderr).toMatch(/old, and policy\.minimum_release_age is "3d" \(vp\.toml:6:1\)/);
  const foreign = await install(policy.replace(/minimum_release_age.*/, ''));
  expect(foreign.code).toBe(3);
  expect(foreign.stderr).toContain('VP_POLICY_FOREIGN_REGISTRY');
  const right = await install(
    policy.replace(/minimum_release_age.*/, '').replace('https://plugins.acme.example/', site.url),
  );
  expect(right.code, right.stderr).toBe(0);
}, 30_000);
