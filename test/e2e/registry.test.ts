import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VpErrorJson } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageTarball, publishBody } from '../../registry/test/lib/pack.ts';
import { commandLines } from './lib/documentation.ts';
import { temporaryFolder, type VpResult, vp, vpJson } from './lib/vp.ts';

// docs/registry.md, as a platform team follows it: every command of its blocks, in order.

const file = 'docs/registry.md';
const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const lines = commandLines({ file, text }).filter(({ words, isWhole }) => isWhole && words[0] === 'registry');
const [, toml = ''] = /```toml\n(data = (?:.|\n)*?)```/.exec(text) ?? [];

interface Started {
  readonly url: string;
  readonly token: string;
  readonly ended: Promise<VpResult>;
  stop(signal: NodeJS.Signals): void;
}

let cwd: string;
let dispose: () => Promise<void>;
let registry: Started;

/** `vp registry start …`, on any port that is free, until it has said where it is. */
function start(words: readonly string[]): Promise<Started> {
  return new Promise((resolve, reject) => {
    const ended = vp([...words, '--port', '0'], {
      cwd,
      onOutput(said, stop) {
        const url = /Registry at (\S+)/.exec(said)?.[1];
        const token = /^ {2}(eyJ\S+)$/m.exec(said)?.[1] ?? '';
        if (url !== undefined) resolve({ url, token, ended, stop });
      },
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
}

async function publish(version: string): Promise<number> {
  const packageJson = { name: '@acme/weather', version, license: 'MIT' };
  const response = await fetch(new URL('@acme%2fweather', registry.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${registry.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(publishBody(packageJson, await packageTarball(packageJson))),
  });
  return response.status;
}

beforeAll(async () => {
  ({ path: cwd, dispose } = await temporaryFolder());
  writeFileSync(join(cwd, 'registry.toml'), toml);
  registry = await start(['registry', 'start', '--config', 'registry.toml']);
});
afterAll(async () => {
  registry.stop('SIGKILL');
  await registry.ended;
  await dispose();
});

test('every command of the page does what the page says', async () => {
  expect(await publish('1.1.0')).toBe(201);
  expect(await publish('1.2.0')).toBe(201);
  const followed = lines.filter(({ words }) => words[1] !== 'start');
  expect(followed.length).toBeGreaterThan(12);
  const said: Record<string, string> = {};
  for (const { words, place } of followed) {
    const { code, stdout, stderr } = await vp(words, { cwd });
    expect({ place, code, stderr }).toEqual({ place, code: 0, stderr: '' });
    said[words.slice(1).join(' ')] = stdout;
  }
  expect(said['user add anna --role publisher']).toMatch(/anna is publisher now(?:.|\n)*eyJ/);
  expect(said.status).toMatch(/private +@vp, @acme(?:.|\n)*anna +publisher +1/);
  expect(said['user remove ci']).toBe('Removed ci and 2 tokens.\n');
  expect(said['status --data ./restored --verify']).toMatch(
    /not running(?:.|\n)*Every version is as it was published/,
  );
});

test('from another machine, with a token; without one, or with a reader’s, it is refused', async () => {
  const args = ['registry', 'status', '--url', registry.url];
  const env = { VP_REGISTRY_TOKEN: registry.token };
  expect((await vpJson<{ packages: number }>(args, { cwd, env })).data.packages).toBe(1);
  const { data } = await vpJson<{ token: string }>(['registry', 'user', 'add', 'rita'], { cwd });
  const reader = await vp(args, { cwd, env: { VP_REGISTRY_TOKEN: data.token } });
  expect(reader).toMatchObject({ code: 2, stderr: expect.stringContaining('VP_REGISTRY_FORBIDDEN') });
  const nobody = await vp(args, { cwd, env: { VP_REGISTRY_TOKEN: '' } });
  expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('VP_REGISTRY_TOKEN_MISSING') });
});

test('what a command cannot do is said, with the next one', async () => {
  const attempt = async (...args: string[]) =>
    (await vpJson<{ readonly error: VpErrorJson }>(['registry', ...args], { cwd })).data.error;
  expect(await attempt('start', '--port', '0')).toMatchObject({ code: 'VP_REGISTRY_BUSY' });
  expect(await attempt('user', 'remove', 'admin')).toMatchObject({ code: 'VP_REGISTRY_LAST_ADMIN' });
  expect(await attempt('user', 'token', 'ana')).toMatchObject({ code: 'VP_REGISTRY_USER_UNKNOWN' });
  expect(await attempt('yank', '@acme/weather@1.2.0')).toMatchObject({ code: 'VP_CLI_ARGUMENT_MISSING' });
  expect(await attempt('status', '--data', 'gone')).toMatchObject({ code: 'VP_REGISTRY_NO_DATA' });
  expect(await attempt('restore', 'registry.backup')).toMatchObject({ code: 'VP_REGISTRY_BACKUP' });
});

test('Ctrl-C ends it cleanly, and the next start prints no token', async () => {
  registry.stop('SIGINT');
  expect((await registry.ended).code).toBe(0);
  registry = await start(['registry', 'start']);
  expect(registry.token).toBe('');
  const { code, stderr } = await vp(['registry', 'status', '--verify'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
