import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { administer } from '../src/index.ts';
import { createNpm, writePackage } from './lib/npm.ts';
import { plain } from './lib/packages.ts';
import { type TestRegistry, testRegistry } from './lib/registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry({
    settings: { access: 'authenticated', limits: { request_timeout: '2s' } },
  });
});
afterAll(() => registry[Symbol.asyncDispose]());

const local = () => ({ dataDir: registry.dataDir });

test('nobody registers, publishes or reads without a token; keys, kill list and status are public', async () => {
  const one = plain();
  expect((await registry.publish(one)).status).toBe(201);
  const anonymous = { token: null };
  const joining = { ...anonymous, body: { name: 'eve', password: 'secret-secret' } };
  expect(await registry.call('PUT', '-/user/org.couchdb.user:eve', joining)).toMatchObject({
    status: 401,
    body: { code: 'VP_REGISTRY_LOGIN' },
  });
  const paths = [
    '@acme%2fplain',
    '@acme%2fplain/1.0.0',
    '@acme/plain/-/plain-1.0.0.tgz',
    '-/package/@acme%2fplain/dist-tags',
    '-/vp/v1/search',
    '-/whoami',
  ];
  for (const path of paths) {
    const refused = await registry.call('GET', path, anonymous);
    expect({ path, status: refused.status }).toEqual({ path, status: 401 });
    expect((await registry.call('GET', path)).status, path).toBe(200);
  }
  for (const [method, path] of [
    ['PUT', '@acme%2fplain'],
    ['PUT', '-/package/@acme%2fplain/dist-tags/x'],
    ['DELETE', '@acme%2fplain/-rev/1'],
    ['POST', '-/vp/v1/admin/user-list'],
  ] as const)
    expect((await registry.call(method, path, { ...anonymous, body: {} })).status, path).toBe(401);
  for (const path of ['-/npm/v1/keys', '-/vp/v1/kill-list', '-/vp/v1/status', '-/ping'])
    expect((await registry.call('GET', path, anonymous)).status, path).toBe(200);
});

test('roles: a reader installs, a publisher publishes, an administrator runs the registry', async () => {
  const reader = await administer(local(), 'user-add', { name: 'rita', role: 'reader' });
  const publisher = await administer(local(), 'user-add', { name: 'paul', role: 'publisher' });
  const [read, write] = [reader, publisher].map((each) => ('token' in each ? each.token : ''));
  expect((await registry.call('GET', '@acme%2fplain', { token: read ?? '' })).status).toBe(200);
  const refused = await registry.call('PUT', '@acme%2fplain', { token: read ?? '', body: {} });
  expect(refused).toMatchObject({ status: 403, body: { code: 'VP_REGISTRY_FORBIDDEN' } });
  expect(refused.body.error).toMatch(/needs the role publisher; rita is reader/);
  const npm = await createNpm({ folder: registry.folder, url: registry.url, token: write ?? '' });
  const folder = await writePackage(join(registry.folder, 'p'), { ...plain(), name: '@acme/p' });
  expect(await npm(['publish'], folder)).toMatchObject({ code: 0 });
  const body = { name: 'mallory', role: 'admin' };
  expect((await registry.call('POST', '-/vp/v1/admin/user-add', { token: write ?? '', body })).status).toBe(
    403,
  );
  expect((await registry.call('POST', '-/vp/v1/admin/user-list', { body: {} })).status).toBe(200);
  // From afar nothing is written on the registry's machine.
  const backup = await registry.call('POST', '-/vp/v1/admin/backup', { body: { file: '/tmp/x' } });
  expect(backup).toMatchObject({ status: 400, body: { code: 'VP_REGISTRY_BAD_REQUEST' } });
});

test('a token that is revoked, expired, forged or of a removed user is worth nothing at once', async () => {
  const first = await administer(local(), 'user-add', { name: 'tim', role: 'reader', expires: '500ms' });
  const second = await administer(local(), 'token-create', { user: 'tim', expires: 'never', note: 'laptop' });
  const third = await administer(local(), 'token-create', { user: 'tim' });
  const who = async (token: string) => (await registry.call('GET', '-/whoami', { token })).status;
  expect(await who(second.token)).toBe(200);
  const listed = await administer(local(), 'token-list', { user: 'tim' });
  expect(listed.tokens.map(({ note }) => note)).toEqual([undefined, 'laptop', undefined]);
  expect(JSON.stringify(listed)).not.toContain(second.token);
  await administer(local(), 'token-revoke', { id: second.id, user: 'tim' });
  expect(await who(second.token)).toBe(401);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await who('token' in first ? first.token : '')).toBe(401);
  const [head, body] = third.token.split('.');
  expect(await who(`${head}.${body}.AAAA`)).toBe(401);
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  expect(await who(`${none}.${body}.`)).toBe(401);
  expect(await who(third.token)).toBe(200);
  await administer(local(), 'user-remove', { name: 'tim' });
  expect(await who(third.token)).toBe(401);
});

test('who guesses passwords waits, and the right one is not tried meanwhile', async () => {
  await using other = await testRegistry({ settings: { limits: { failed_logins: 3 } } });
  await administer({ dataDir: other.dataDir }, 'user-add', {
    name: 'lea',
    role: 'reader',
    password: 'open sesame',
  });
  const login = (password: string) =>
    other.call('PUT', '-/user/org.couchdb.user:lea', { token: null, body: { name: 'lea', password } });
  const good = await login('open sesame');
  expect(good.status).toBe(201);
  expect((await other.call('GET', '-/whoami', { token: good.body.token ?? '' })).body).toEqual({
    username: 'lea',
  });
  for (let guess = 0; guess < 3; guess++) expect((await login(`guess ${guess}`)).status).toBe(401);
  expect(await login('open sesame')).toMatchObject({ status: 429, body: { code: 'VP_REGISTRY_SLOW_DOWN' } });
  const log = () => readFile(join(other.dataDir, 'logs/access.log'), 'utf8');
  // A line is written once its answer is out.
  await expect.poll(log).toMatch(/PUT \/-\/user\/org.couchdb.user:lea 429/);
  expect(await log()).not.toContain('sesame');
  // Logging out names the token in the path.
  const out = await other.call('DELETE', `-/user/token/${good.body.token}`, { token: other.token });
  expect(out.status).toBe(200);
  expect((await other.call('GET', '-/whoami', { token: good.body.token ?? '' })).status).toBe(401);
  await expect.poll(log).toMatch(/DELETE \/-\/user\/token\/\*\*\* 200/);
  expect(await log()).not.toContain(good.body.token);
});

test('what is secret is readable by its owner only, and holds neither tokens nor passwords', async () => {
  for (const name of ['keys.json', 'token-secret', 'users.json', '../running'])
    expect((await stat(join(registry.dataDir, 'private', name))).mode & 0o077, name).toBe(0);
  const users = await readFile(join(registry.dataDir, 'private/users.json'), 'utf8');
  expect(users).not.toContain(registry.token);
});

test('a client that sends a byte a second is cut off', async () => {
  const { hostname, port } = new URL(registry.url);
  const socket = connect(Number(port), hostname);
  const ended = new Promise<string>((resolve) => {
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('close', () => resolve(said));
    socket.on('error', () => undefined);
  });
  socket.write(
    `PUT /@acme%2fslow HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${registry.token}\r\nContent-Length: 1000\r\n\r\n`,
  );
  const drip = setInterval(() => socket.write('{'), 200);
  expect(await ended).toMatch(/^HTTP\/1.1 408 /);
  clearInterval(drip);
  expect(await registry.versions('@acme/slow')).toEqual([]);
});

test('a page of another origin cannot read the answers', async () => {
  const response = await fetch(new URL('@acme%2fplain', registry.url), {
    headers: { authorization: `Bearer ${registry.token}`, origin: 'https://evil.example' },
  });
  await response.text();
  expect(response.headers.get('access-control-allow-origin')).toBe(null);
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
});
