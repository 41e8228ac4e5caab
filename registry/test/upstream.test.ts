import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { administer, startRegistry } from '../src/index.ts';
import { createNpm, writePackage } from './lib/npm.ts';
import { plain } from './lib/packages.ts';
import { testRegistry } from './lib/registry.ts';

const named = (name: string, version = '1.0.0') => ({ ...plain(version), name });

test('a public package of the same name at a higher version is never served, nor asked for', async () => {
  await using upstream = await testRegistry({ settings: { private_scopes: [] } });
  for (const name of ['@acme/weather', '@vp/secret', 'vibepiper', 'tools'])
    expect((await upstream.publish(named(name, '99.0.0'))).status).toBe(201);
  await upstream.publish(named('left-pad'));
  // A name without a scope that was published here before there was an upstream.
  await using registry = await testRegistry();
  await registry.publish(named('tools'));
  await registry.running.stop();
  await using running = await startRegistry({
    dataDir: registry.dataDir,
    port: 0,
    settings: { upstream: upstream.url, private_scopes: ['@vp', '@acme'], private_packages: ['vibepiper'] },
  });
  const publish = await createNpm({ folder: registry.folder, url: running.url, token: registry.token });
  const folder = await writePackage(join(registry.folder, 'weather'), named('@acme/weather'));
  expect(await publish(['publish'], folder)).toMatchObject({ code: 0 });

  const get = async (path: string) => {
    const response = await fetch(new URL(path, running.url));
    return { status: response.status, text: await response.text() };
  };
  for (const path of ['@acme/weather', '@acme%2fweather', '%40acme%2Fweather', 'tools']) {
    const { status, text } = await get(path);
    expect(status, path).toBe(200);
    expect(text, path).not.toContain('99.0.0');
  }
  for (const path of [
    '@acme%2fweather/99.0.0',
    '@acme/weather/-/weather-99.0.0.tgz',
    'tools/-/tools-99.0.0.tgz',
    '@vp%2fsecret',
    '@vp/secret/-/secret-99.0.0.tgz',
    'vibepiper',
    'vibepiper/-/vibepiper-99.0.0.tgz',
  ])
    expect((await get(path)).status, path).toBe(404);

  // What is public comes through, and stays when the upstream is gone.
  const cwd = await writePackage(join(registry.folder, 'app'), { name: 'app', version: '1.0.0' });
  expect(await publish(['install', '@acme/weather', 'left-pad', 'tools'], cwd)).toMatchObject({ code: 0 });
  const installed = await readFile(join(cwd, 'node_modules/@acme/weather/package.json'), 'utf8');
  expect(JSON.parse(installed)).toMatchObject({ version: '1.0.0' });
  const asked = await readFile(join(upstream.dataDir, 'logs/access.log'), 'utf8');
  expect(asked).toContain('GET /left-pad ');
  expect(asked.split('\n').filter((line) => / GET \/.*(acme|vp|vibepiper|tools)/.test(line))).toEqual([]);

  // A public name cannot be taken over by publishing it here.
  const squat = await writePackage(join(registry.folder, 'squat'), named('left-pad', '2.0.0'));
  const refused = await publish(['publish'], squat);
  expect(refused.stderr).toMatch(/VP_REGISTRY_NOT_PRIVATE/);

  const dataDir = { dataDir: registry.dataDir };
  expect(await administer(dataDir, 'status', {})).toMatchObject({ upstream: { reachable: true } });
  await upstream.running.stop();
  expect((await get('left-pad')).status).toBe(200);
  expect((await get('@acme%2fweather')).status).toBe(200);
  expect((await get('right-pad')).status).toBeGreaterThanOrEqual(404);
  expect(await administer(dataDir, 'status', {})).toMatchObject({ upstream: { reachable: false } });
});

test('an upstream that sends a byte a second holds up nobody for long', async () => {
  const slow = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
    const drip = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const { port } = slow.address() as AddressInfo;
  try {
    await using registry = await testRegistry({
      settings: { upstream: { url: `http://127.0.0.1:${port}/`, timeout: '1s' }, private_scopes: ['@acme'] },
    });
    await registry.publish(named('@acme/weather'));
    const [slowly, ours] = await Promise.all([
      registry.call('GET', 'left-pad'),
      registry.call('GET', '@acme%2fweather'),
    ]);
    expect(ours.status).toBe(200);
    expect(slowly.status).toBeGreaterThanOrEqual(404);
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});
