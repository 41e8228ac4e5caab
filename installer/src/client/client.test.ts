import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VpError } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NpmOptions } from '../npm/options.ts';
import { createRegistryClient } from './client.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let cache = '';
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'vp-client-'));
});
afterAll(() => rm(cache, { recursive: true, force: true }));

/** A registry of a few lines, and what it was asked. */
async function serve(answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    host: `//127.0.0.1:${port}/`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const options = (registry: string, more: object = {}): NpmOptions => ({
  registry,
  cache,
  timeout: 5000,
  fetchRetries: 1,
  fetchRetryFactor: 1,
  fetchRetryMintimeout: 10,
  fetchRetryMaxtimeout: 20,
  ...more,
});

const json = (response: ServerResponse, value: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

const fault = async (run: Promise<unknown>): Promise<VpError> =>
  run.then(
    () => expect.unreachable('it should fail'),
    (error: VpError) => error,
  );

const vp = {
  manifestVersion: 1,
  entry: './index.js',
  contributes: {
    sources: [{ id: 'weather', contract: 'source@1', formats: ['rows'], capabilities: ['incremental'] }],
  },
};

const document = (name: string, more: object = {}) => ({
  name,
  'dist-tags': { latest: '1.1.0' },
  versions: {
    '1.0.0': { name, version: '1.0.0', vp, dist: { tarball: 'http://x/y.tgz', integrity: 'sha512-x' } },
    '1.1.0': {
      name,
      version: '1.1.0',
      description: 'Weather of everywhere',
      license: { type: 'MIT' },
      vp,
      vpRegistry: { tree: 'its own word', manifest: '', yanked: { reason: 'mine', at: '2026-03-01' } },
      dist: {
        tarball: 'http://x/y.tgz',
        integrity: 'sha512-y',
        signatures: [{ keyid: 'a', sig: 'b', extra: 1 }],
      },
      ...more,
    },
  },
  time: { created: '2026-01-01T00:00:00Z', '1.1.0': '2026-02-01T00:00:00Z' },
});

test('a registry that is not there is named within a moment, with what works without it', async () => {
  const gone = await serve(() => {});
  await gone[Symbol.asyncDispose]();
  const error = await fault(createRegistryClient({ options: options(gone.url) }).packument('@acme/weather'));
  expect(error).toMatchObject({ code: 'VP_REGISTRY_UNREACHABLE', class: 'transient', exitCode: 4 });
  expect(error.message).toBe(
    `The registry ${gone.url} cannot be reached: nothing listens there (ECONNREFUSED).`,
  );
  expect(error.hint).toContain('vp plugins install --from <bundle>');
});

test('an answer of a byte now and then ends in time, also when it began well', async () => {
  await using slow = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    const drip = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(drip));
  });
  const client = createRegistryClient({ options: options(slow.url), within: 400 });
  const faults = await Promise.all([client.packument('x'), client.search({ text: 'x' })].map(fault));
  expect(faults.map(({ code }) => code)).toEqual(['VP_REGISTRY_SLOW', 'VP_REGISTRY_SLOW']);
  await using mute = await serve(() => {});
  const silent = createRegistryClient({ options: options(mute.url), within: 400 });
  expect((await fault(silent.killList(mute.url))).code).toBe('VP_REGISTRY_SLOW');
});

test('Ctrl-C ends a call at once', async () => {
  await using mute = await serve(() => {});
  const signal = AbortSignal.timeout(50);
  const client = createRegistryClient({ options: options(mute.url), signal });
  expect(await fault(client.packument('x'))).toBe(signal.reason);
});

test('each wrong answer has its own error, and none repeats a token', async () => {
  const answers: Record<string, Answer> = {
    '/login': (_, response) => response.writeHead(401).end('no'),
    '/forbidden': (_, response) => response.writeHead(403).end('no'),
    '/broken': (_, response) => response.writeHead(500).end('no'),
    '/refused': (_, response) =>
      response.writeHead(422).end('{"reason":"kind=sorce.\\nNo.","hint":"source"}'),
    '/page': (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    '/shape': (_, response) => json(response, { name: 'shape', versions: [] }),
    '/other': (_, response) => json(response, document('stranger')),
    '/circle': (request, response) => response.writeHead(302, { location: request.url ?? '' }).end(),
  };
  await using registry = await serve((request, response) => {
    const answer = answers[request.url?.split('?')[0] ?? ''];
    if (answer === undefined) response.writeHead(404).end('{}');
    else answer(request, response);
  });
  const token = 'npm_secretSecretSecret';
  const client = createRegistryClient({
    options: options(registry.url, { [`${registry.host}:_authToken`]: token }),
  });
  const names = ['login', 'forbidden', 'broken', 'refused', 'page', 'shape', 'other', 'circle', 'missing'];
  const faults = await Promise.all(names.map((name) => fault(client.packument(name))));
  expect(faults.map(({ code }) => code)).toEqual([
    'VP_REGISTRY_LOGIN_NEEDED',
    'VP_REGISTRY_NO_ACCESS',
    'VP_REGISTRY_FAILED',
    'VP_REGISTRY_REFUSED',
    'VP_REGISTRY_BAD_ANSWER',
    'VP_REGISTRY_BAD_ANSWER',
    'VP_REGISTRY_BAD_ANSWER',
    'VP_REGISTRY_BAD_ANSWER',
    'VP_REGISTRY_NO_PACKAGE',
  ]);
  for (const error of faults) expect(JSON.stringify(error)).not.toContain(token);
  expect(faults[3]).toMatchObject({ class: 'user', hint: 'source' });
  expect(faults[3]?.message).toBe(`The registry ${registry.url} answers: kind=sorce. No.`);
  expect(faults[4]?.message).toContain('no JSON');
  expect(faults[5]?.message).toContain('dist-tags');
});

test('a document is asked for once, with credentials, and again only when it changed', async () => {
  await using registry = await serve((request, response) => {
    if (request.headers.authorization !== 'Bearer abc') response.writeHead(401).end();
    else if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end();
    else json(response, document('@acme/weather', { vpRegistry: undefined }), { etag: '"1"' });
  });
  const npm = options('http://127.0.0.1:9/', {
    '@acme:registry': registry.url,
    [`${registry.host}:_authToken`]: 'abc',
  });
  const client = createRegistryClient({ options: npm });
  expect(client.registries).toEqual(['http://127.0.0.1:9/', registry.url]);
  const [one, two] = await Promise.all([
    client.packument('@acme/weather'),
    client.packument('@acme/weather'),
  ]);
  expect(one).toBe(two);
  expect(one?.versions['1.1.0']?.dist.signatures).toEqual([{ keyid: 'a', sig: 'b' }]);
  expect(registry.asked).toEqual(['GET /@acme%2fweather']);

  const again = createRegistryClient({ options: npm });
  expect((await again.packument('@acme/weather')).name).toBe('@acme/weather');
  expect(registry.asked).toHaveLength(2);

  await registry[Symbol.asyncDispose]();
  const offline = createRegistryClient({ options: npm });
  expect((await offline.packument('@acme/weather')).name).toBe('@acme/weather');
  expect([...offline.stale().keys()]).toEqual([registry.url]);
});

test('a registry of npm alone is searched by the keyword, and its documents are read', async () => {
  await using registry = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const meant = searchParams.get('text')?.startsWith('keywords:vp-plugin we');
    const names = meant ? ['@acme/weather', 'weather-icons', 'weather-broken'] : [];
    if (pathname === '/-/v1/search')
      json(response, { objects: names.map((name) => ({ package: { name } })) });
    else if (pathname === '/@acme%2fweather') json(response, document('@acme/weather'));
    else if (pathname === '/weather-icons') json(response, document('weather-icons', { vp: undefined }));
    else response.writeHead(404).end('{}');
  });
  const client = createRegistryClient({ options: options(registry.url) });
  const found = await client.search({ text: 'weather', kind: 'source' });
  expect(found.plugins).toMatchObject([
    {
      name: '@acme/weather',
      version: '1.1.0',
      license: 'MIT',
      published: '2026-02-01T00:00:00Z',
      contributions: [{ point: 'source', id: 'weather', capabilities: ['incremental'] }],
      registry: registry.url,
    },
  ]);
  // Only a registry of ours may say what a version is worth.
  expect((await client.packument('@acme/weather')).versions['1.1.0']?.vpRegistry).toBeUndefined();
  expect(found.plugins[0]?.badge).toBeUndefined();
  expect((await client.search({ text: 'weather', badge: true })).plugins).toEqual([]);
  expect((await client.search({ text: 'weather', kind: 'sink' })).plugins).toEqual([]);

  const detail = await client.plugin('@acme/weather');
  expect(detail.versions.map(({ version, signed }) => `${version} ${signed}`)).toEqual([
    '1.1.0 true',
    '1.0.0 false',
  ]);
  expect((await fault(client.plugin('weather-icons'))).code).toBe('VP_REGISTRY_NOT_A_PLUGIN');
  expect(await client.keys(registry.url)).toEqual([]);
  expect(await client.killList(registry.url)).toBeUndefined();
  expect(await fault(client.packument('@acme/wether'))).toMatchObject({
    code: 'VP_REGISTRY_NO_PACKAGE',
    message: `The registry ${registry.url} has no package @acme/wether. Did you mean "@acme/weather"?`,
  });
});

test('what a registry of ours knows of a version is kept', async () => {
  await using registry = await serve((request, response) =>
    json(response, request.url === '/-/vp/v1/status' ? { version: '1.0.0' } : document('@acme/weather')),
  );
  const client = createRegistryClient({ options: options(registry.url) });
  const { versions } = await client.packument('@acme/weather');
  expect(versions['1.1.0']?.vpRegistry?.yanked?.reason).toBe('mine');
});

test('one registry of two that is down is a note, both down is an error', async () => {
  await using good = await serve((_, response) => json(response, { total: 0, plugins: [] }));
  const down = 'http://127.0.0.1:9/';
  const both = createRegistryClient({ options: options(good.url, { '@acme:registry': down }) });
  const found = await both.search({ text: '' });
  expect(found.faults.map(({ code }) => code)).toEqual(['VP_REGISTRY_UNREACHABLE']);
  const none = createRegistryClient({ options: options(down) });
  expect((await fault(none.search({ text: '' }))).code).toBe('VP_REGISTRY_UNREACHABLE');
});
