import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatLock, killListFile, type Lock, lockFile } from '@vp/contracts/registry';
import { configLayers, createKernel, resolveConfig } from '@vp/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pendingInstall } from '../shell/open-project.ts';
import { checkInstallation, checkPending } from './installation.ts';

const now = Date.parse('2026-11-24T00:00:00Z');
const day = 24 * 3_600_000;
const registry = 'https://npm.acme.dev/';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vp-doctor-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

const key = (expires: string | null) => ({
  keyid: 'SHA256:a',
  keytype: 'ecdsa-sha2-nistp256' as const,
  scheme: 'ecdsa-sha2-nistp256' as const,
  key: 'AAAA',
  expires,
});

async function findings(init: {
  readonly keys?: Lock['registries'][string]['keys'];
  readonly plugins?: object;
  readonly checked?: number;
}) {
  const { keys = [key(null)], plugins = {}, checked = now } = init;
  write(
    lockFile,
    formatLock({ lockVersion: 1, registries: { [registry]: { keys } }, plugins: {}, packages: {} }),
  );
  const list = { checked: new Date(checked).toISOString() };
  write(killListFile, JSON.stringify({ format: 1, registries: { [registry]: list } }));
  const file = { values: { project: { name: 'x' }, plugins }, where: () => ({ text: 'vp.toml' }) };
  const kernel = await createKernel({
    projectDir: dir,
    config: resolveConfig({ layers: configLayers({ file }) }),
  });
  const found = checkInstallation(kernel, now);
  await kernel.stop();
  return found.map(({ what, status, message }) => `${status} ${what}: ${message}`);
}

test('a project without a lock, or whose lock is in order, is in order', async () => {
  expect(checkPending(dir)).toEqual([]);
  expect(await findings({})).toEqual([]);
});

test('a registry whose last key ends soon, or has ended', async () => {
  const at = (days: number) => key(new Date(now + days * day).toISOString());
  expect(await findings({ keys: [at(10)] })).toEqual([
    `warning registry ${registry}: Its last trusted key expires on 2026-12-04`,
  ]);
  expect(await findings({ keys: [at(-1)] })).toEqual([
    `warning registry ${registry}: Its last trusted key expired on 2026-11-23`,
  ]);
  expect(await findings({ keys: [at(-1), { ...key(null), keyid: 'SHA256:b' }] })).toEqual([]);
  expect(await findings({ keys: [at(60)] })).toEqual([]);
});

test('a registry that was not asked for long which versions it has withdrawn', async () => {
  expect(await findings({ checked: now - 8 * day })).toEqual([
    `warning withdrawn versions: ${registry} was last asked on 2026-11-16 which versions it has withdrawn`,
  ]);
});

test('a plugin that no lock vouches for, where there is a lock', async () => {
  const pack = {
    name: 'loose',
    version: '1.0.0',
    type: 'module',
    engines: { vp: '^1.0.0' },
    vp: { manifestVersion: 1, entry: './p.js' },
  };
  write('node_modules/loose/package.json', JSON.stringify(pack));
  write('node_modules/loose/p.js', '');
  expect(await findings({ plugins: { loose: '1' } })).toEqual([
    'warning plugin loose: No vp.lock vouches for it (from node_modules)',
  ]);
});

test('an install that was cut off', () => {
  write(pendingInstall, '{}');
  expect(checkPending(dir)).toMatchObject([{ what: 'install', status: 'warning' }]);
});
