import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageTarball, publishBody } from './lib/pack.ts';
import { plain } from './lib/packages.ts';
import { testRegistry } from './lib/registry.ts';

/** `fetch` sets the Host header itself. */
function get(url: string, host: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    call.once('error', reject);
    call.end();
  });
}

test('behind a reverse proxy tarballs are at its address, and other names are not answered', async () => {
  await using registry = await testRegistry({
    settings: { public_url: 'https://plugins.acme.example' },
  });
  expect(registry.url).toBe('https://plugins.acme.example/');
  const running = await readFile(join(registry.dataDir, 'running'), 'utf8');
  const { address }: { readonly address: string } = JSON.parse(running);
  const packageJson = { ...plain(), name: '@acme/x' };
  const published = await fetch(new URL('@acme%2fx', address), {
    method: 'PUT',
    headers: { authorization: `Bearer ${registry.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(publishBody(packageJson, await packageTarball(packageJson))),
  });
  expect(published.status).toBe(201);
  const document = await get(new URL('@acme%2fx', address).href, 'plugins.acme.example');
  expect(JSON.parse(document.text)).toMatchObject({
    versions: { '1.0.0': { dist: { tarball: 'https://plugins.acme.example/@acme/x/-/x-1.0.0.tgz' } } },
  });
  expect((await get(new URL('@acme%2fx', address).href, 'other.example')).status).toBe(421);
});

test('on loopback a stranger’s host name is not answered: no rebinding', async () => {
  await using registry = await testRegistry();
  await registry.publish({ ...plain(), name: '@acme/x' });
  const { port } = new URL(registry.url);
  for (const path of ['@acme%2fx', '', '-/vp/v1/status', '@acme/x/-/x-1.0.0.tgz']) {
    const url = new URL(path, registry.url).href;
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example'])
      expect((await get(url, host)).status, `${path} for ${host}`).toBeGreaterThanOrEqual(400);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'localhost'])
      expect((await get(url, host)).status, `${path} for ${host}`).toBe(200);
  }
});
