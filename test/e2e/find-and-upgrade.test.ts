import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RegistrySite, startRegistrySite } from '../services/registry.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';
import { publishWeather, weatherReleases, writeFiles } from './lib/weather-plugin.ts';

const root = join(import.meta.dirname, '../..');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let site: RegistrySite;
let cwd: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  cwd = join(folder.path, 'shop');
  site = await startRegistrySite();
  const target = { folder: folder.path, url: site.url, token: site.adminToken };
  const [first, ...later] = weatherReleases;
  if (first !== undefined) await publishWeather(first, target);
  const files = {
    '.npmrc': `registry=${site.url}/\ncache=${join(folder.path, 'cache')}\n`,
    'vp.toml':
      '[project]\nname = "shop"\n\n# The one that everybody uses.\n[plugins."@acme/weather"]\nversion = "^1.0.0"\n\n[connections.home]\nuse = "weather"\nhost = "stations.example"\nlegacy = true # for old stations\n',
    'pipeline.ts':
      "import { asset, pipeline, source } from 'vibepiper';\nconst temperatures = asset('temperatures', { source: source('weather', { connection: 'home', city: 'Bern' }) });\nexport default pipeline({ assets: [temperatures] });\n",
  };
  mkdirSync(join(cwd, 'node_modules'), { recursive: true });
  symlinkSync(join(root, 'cli'), join(cwd, 'node_modules', 'vibepiper'));
  writeFiles(cwd, files);
  const installed = await vp(['plugins', 'install', '--yes'], { cwd });
  expect(installed.code, installed.stdout + installed.stderr).toBe(0);
  for (const release of later) await publishWeather(release, target);
}, 60_000);

afterAll(async () => {
  await site?.close();
  await folder?.dispose();
});

const toml = () => readFileSync(join(cwd, 'vp.toml'), 'utf8');
const lock = () => readFileSync(join(cwd, 'vp.lock'), 'utf8');
const run = (...args: readonly string[]) => vp(['plugins', ...args], { cwd });

test('search finds by words, kind and capability, also outside of a project', async () => {
  const elsewhere = { cwd: folder.path };
  const found = await vp(['plugins', 'search', 'wether', '--registry', site.url], elsewhere);
  expect(found.stdout, found.stderr).toMatch(
    /@acme\/weather +2\.0\.0 +- +source weather +.*The weather of everywhere/,
  );
  expect((await run('search', '--kind', 'source', '--capability', 'incremental')).stdout).toContain(
    '@acme/weather',
  );
  expect((await run('search', 'weather', '--badge')).stdout).toMatch(
    /^No plugin with "weather" and a badge in http/,
  );
  const wrong = await run('search', '--kind', 'sorce');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('Did you mean "source"?');
  const { data } = await vpJson<{ total: number; plugins: readonly { name: string; registry: string }[] }>(
    ['plugins', 'search', 'weather'],
    { cwd },
  );
  expect(data).toMatchObject({ total: 1, plugins: [{ name: '@acme/weather', registry: `${site.url}/` }] });
});

test('info says what a version brings, may, and takes as configuration', async () => {
  const { stdout } = await run('info', '@acme/weather@^1');
  for (const words of [
    /^@acme\/weather 1\.1\.0$/m,
    /source weather +incremental +Stations of everywhere/,
    /connects to: host of your configuration, port 443/,
    /reads secrets: token of your configuration/,
    /host +string +required +Name or address/,
    /timeout +integer +30 +Seconds/,
    /signed +yes, by the registry/,
    /2\.0\.0 .* signed/,
  ])
    expect(stdout).toMatch(words);
  const { data } = await vpJson<{ configuration: readonly object[]; readme: string }>(
    ['plugins', 'info', '@acme/weather'],
    { cwd },
  );
  expect(data.configuration).toMatchObject([{ id: 'weather', schema: 'config' }, { schema: 'options' }]);
  const missing = await run('info', '@acme/wether');
  expect(missing.stderr).toContain('Did you mean "@acme/weather"?');
  expect((await run('info', '@acme/weather@3')).stderr).toContain('has no version 3. There is: "2.0.0"');
});

test('outdated names what there is, and what the policy holds back', async () => {
  expect((await run('outdated')).stdout).toMatch(/@acme\/weather +1\.0\.0 +1\.1\.0 +2\.0\.0 +\^1\.0\.0/);
  const held = await run('outdated', '--set', 'policy.minimum_release_age=3d');
  expect(held.stdout).toMatch(/1\.1\.0 is held back: .* old, and policy\.minimum_release_age is "3d"/);
  expect((await run('outdated', '@acme/wether')).stderr).toContain('Did you mean "@acme/weather"?');
});

test('upgrade --plan says what changes, for whom, and what does not fit, and changes nothing', async () => {
  const before = [toml(), lock()];
  const small = await run('upgrade', '--plan');
  expect(small.stdout, small.stderr).toMatch(/@acme\/weather 1\.0\.0 -> 1\.1\.0 \(minor\)/);
  expect(small.stdout).toContain('+ reads secrets: token of your configuration');
  expect(small.stdout).toContain('source weather: + timeout (integer)');
  expect(small.stdout).toMatch(/used by +temperatures/);
  expect(small.stdout).not.toContain('mend');

  const large = await run('upgrade', '--latest', '--plan');
  for (const words of [
    'the range has to change: 2.0.0 is beyond it',
    '+ connects to: any host, any port',
    '+ loads native code',
    'source weather: - legacy',
    'source weather: + station (string), required',
    'connections.home: legacy is not known any more',
    'connections.home: station has to be set now (string)',
  ])
    expect(large.stdout).toContain(words);
  const { data } = await vpJson<{ steps: readonly { conflicts: readonly object[]; needsGrant: boolean }[] }>(
    ['plugins', 'upgrade', '@acme/weather@2', '--plan'],
    { cwd },
  );
  expect(data.steps).toMatchObject([{ to: '2.0.0', needsGrant: true, usedBy: ['temperatures'] }]);
  expect(data.steps[0]?.conflicts).toHaveLength(2);
  expect([toml(), lock()]).toEqual(before);
});

test('an upgrade that asks for more needs a new grant, and goes back', async () => {
  const before = [toml(), lock()];
  const alone = await run('upgrade');
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('VP_INSTALL_NOT_APPROVED');
  const wrong = await run('upgrade', '--grant', 'network=*:*');
  expect(wrong.stderr).toContain('VP_INSTALL_NOT_GRANTED');
  expect([toml(), lock()]).toEqual(before);

  const done = await run('upgrade', '--grant', 'secrets=config.token');
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(JSON.parse(lock()).plugins['@acme/weather']).toMatchObject({ version: '1.1.0' });
  expect(toml()).toContain('# The one that everybody uses.');
  expect(toml()).toContain('secrets = ["config.token"]');
  expect((await run('upgrade')).stdout).toContain('Nothing to upgrade');

  const back = await run('rollback');
  expect(back.code, back.stderr).toBe(0);
  expect([toml(), lock()]).toEqual(before);
}, 40_000);

test('a version that was withdrawn is told, and its successor is offered', async () => {
  await site.yank('@acme/weather@1.1.0', 'It invents sunshine.');
  const { data } = await vpJson<{ plugins: readonly object[] }>(['plugins', 'outdated'], { cwd });
  expect(data.plugins).toMatchObject([{ wanted: '1.0.0', latest: '2.0.0' }]);
  expect((await run('info', '@acme/weather')).stdout).toContain('withdrawn: It invents sunshine.');
  await site.yank('@acme/weather@1.0.0', 'It invents rain.');
  expect((await run('outdated')).stdout).toContain('1.0.0 was withdrawn: It invents rain.');
});
