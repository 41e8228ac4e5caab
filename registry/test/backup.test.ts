import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { administer, restoreBackup, startRegistry } from '../src/index.ts';
import { plain } from './lib/packages.ts';
import { type TestRegistry, testRegistry } from './lib/registry.ts';

const one = (version: string) => ({ ...plain(version), name: '@acme/b' });

async function backedUp(registry: TestRegistry): Promise<string> {
  const file = join(registry.folder, 'registry.backup');
  await administer({ dataDir: registry.dataDir }, 'backup', { file });
  return file;
}

test('a backup that was made while the registry took publishes is restored whole', async () => {
  await using registry = await testRegistry();
  await registry.publish(one('1.0.0'));
  await administer({ dataDir: registry.dataDir }, 'yank', { spec: '@acme/b@1.0.0', reason: 'x' });
  await administer({ dataDir: registry.dataDir }, 'keys-rotate', {});
  const publishing = Promise.all(
    Array.from({ length: 10 }, (_, patch) => registry.publish({ ...one('1.1.0'), name: `@acme/b${patch}` })),
  );
  const file = await backedUp(registry);
  await publishing;
  expect((await stat(file)).mode & 0o077).toBe(0);
  const dataDir = join(registry.folder, 'restored');
  const request = { file, dataDir };
  await restoreBackup({ ...request, dryRun: true });
  await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
  await restoreBackup(request);
  await expect(restoreBackup(request)).rejects.toMatchObject({ code: 'VP_REGISTRY_BACKUP' });
  await using again = await startRegistry({ dataDir, port: 0 });
  // The same keys, users, kill list: its clients notice nothing.
  expect(again.adminToken).toBe(undefined);
  const get = async (path: string, url: string) => (await fetch(new URL(path, url))).json();
  for (const path of ['-/npm/v1/keys', '-/vp/v1/kill-list'])
    expect(await get(path, again.url)).toEqual(await get(path, registry.url));
  const who = await fetch(new URL('-/whoami', again.url), {
    headers: { authorization: `Bearer ${registry.token}` },
  });
  expect(who.status).toBe(200);
  expect(await administer({ dataDir }, 'status', { verify: true })).toMatchObject({
    damaged: [],
    yanked: 1,
    keys: 2,
  });
});

test('a backup that was cut off, changed, or is none is refused, and nothing is restored', async () => {
  await using registry = await testRegistry();
  await registry.publish(one('1.0.0'));
  const file = await backedUp(registry);
  const whole = await readFile(file);
  const dataDir = join(registry.folder, 'restored');
  const attempt = async (bytes: Buffer) => {
    await writeFile(file, bytes);
    await expect(restoreBackup({ file, dataDir })).rejects.toMatchObject({ code: 'VP_REGISTRY_BACKUP' });
    await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
  };
  await attempt(whole.subarray(0, whole.length / 2));
  await attempt(Buffer.from('hello'));
  const tar = gunzipSync(whole);
  // Without the list at its end.
  await attempt(gzipSync(tar.subarray(0, tar.indexOf('backup.json'))));
  const reader = Buffer.from(tar);
  reader.write('a', reader.indexOf('"admin"') + 1);
  reader.write('reade', reader.indexOf('"role"') + 9);
  await attempt(gzipSync(reader));
  const escaping = Buffer.from(tar);
  escaping.write('../evil/k.json', escaping.indexOf('private/keys.json'));
  await attempt(gzipSync(escaping));
  await writeFile(file, whole);
  await restoreBackup({ file, dataDir });
});
