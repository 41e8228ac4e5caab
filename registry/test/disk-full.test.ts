import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { administer, startRegistry } from '../src/index.ts';
import { packageTarball, publishBody } from './lib/pack.ts';
import { plain } from './lib/packages.ts';
import { temporaryFolder } from './lib/registry.ts';

// Needs to be root on Linux; elsewhere it counts as skipped.
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

function shell(script: string, argument: string): void {
  execFileSync('sh', ['-c', script, argument], { stdio: 'ignore' });
}

function mounts(): boolean {
  try {
    shell('d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"', tmpdir());
    return true;
  } catch (error) {
    // A container without the right to mount.
    if (typeof error === 'object' && error !== null && 'status' in error) return false;
    throw error;
  }
}

test.skipIf(!canMount)('a full disk refuses the publish in words and leaves nothing of it', async () => {
  const { path, dispose } = await temporaryFolder();
  const dataDir = join(path, 'data');
  mkdirSync(dataDir);
  shell('mount -t tmpfs -o size=4m tmpfs "$0"', dataDir);
  try {
    await using registry = await startRegistry({ dataDir, port: 0 });
    const publish = async (version: string, bytes: number) => {
      const packageJson = { ...plain(version), name: '@acme/big' };
      const packed = await packageTarball(packageJson, { 'x.txt': randomBytes(bytes).toString('base64') });
      const response = await fetch(new URL('@acme%2fbig', registry.url), {
        method: 'PUT',
        headers: { authorization: `Bearer ${registry.adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(publishBody(packageJson, packed)),
      });
      return { status: response.status, body: await response.json() };
    };
    expect(await publish('1.0.0', 1_000)).toMatchObject({ status: 201 });
    expect(await publish('1.0.1', 5_000_000)).toMatchObject({
      status: 507,
      body: { code: 'VP_REGISTRY_DISK_FULL', error: expect.stringContaining('no space left') },
    });
    expect(readdirSync(join(dataDir, 'packages/@acme/big')).toSorted()).toEqual([
      'big-1.0.0.tgz',
      'package.json',
    ]);
    await expect(administer({ dataDir }, 'backup', { file: '/dev/full/x' })).rejects.toThrow();
    // It goes on, and takes what fits.
    expect(await publish('1.0.1', 1_000)).toMatchObject({ status: 201 });
    expect(await administer({ dataDir }, 'status', { verify: true })).toMatchObject({
      versions: 2,
      damaged: [],
    });
  } finally {
    shell('umount "$0"', dataDir);
    await dispose();
  }
});
