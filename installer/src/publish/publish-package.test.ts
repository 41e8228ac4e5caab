import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { treeHash } from '@vp/contracts/registry';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packedFile, packedFiles } from './packed-files.ts';
import { packageDigest, publishPackage } from './publish-package.ts';
import { tarballOf } from './tarball.ts';

const good = {
  name: 'acme-weather',
  version: '1.0.0',
  type: 'module',
  license: 'MIT',
  engines: { vp: '^1.0.0' },
  files: ['dist', 'conformance.json'],
  vp: {
    manifestVersion: 1,
    entry: './dist/plugin.js',
    contributes: { alerters: [{ id: 'weather', contract: 'alerter@1' }] },
  },
};
const files = { 'dist/plugin.js': 'export default {};\n', 'README.md': '# weather\n', LICENSE: 'MIT\n' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vp-publish-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(pack: object, texts: Readonly<Record<string, string>> = files): Promise<void> {
  for (const [path, text] of Object.entries({ ...texts, 'package.json': JSON.stringify(pack) })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const dry = () => publishPackage({ directory: folder, registry: 'http://127.0.0.1:9/', dryRun: true });

test('a tarball holds what npm would pack, and is the same whenever it is made', async () => {
  await write(good, { ...files, 'src/plugin.ts': 'export default {};', 'dist/.DS_Store': '' });
  await symlink('/etc/hostname', join(folder, 'dist/link'));
  const first = await tarballOf(await packedFiles({ directory: folder, pack: good }));
  await utimes(join(folder, 'dist/plugin.js'), 1, 1);
  await chmod(join(folder, 'LICENSE'), 0o600);
  const packed = await packedFiles({ directory: folder, pack: good });
  expect((await tarballOf(packed)).equals(first)).toBe(true);
  expect(packed.map(({ path }) => path)).toEqual(['LICENSE', 'README.md', 'dist/plugin.js', 'package.json']);
});

test('the digest is what anybody computes from the tarball, without the report itself', async () => {
  await write(good, { ...files, 'conformance.json': '{}' });
  const digest = await packageDigest(folder);
  const tarball = await tarballOf(await packedFiles({ directory: folder, pack: good }));
  const found: { path: string; sha256: string }[] = [];
  const archive = extract();
  archive.end(gunzipSync(tarball));
  for await (const entry of archive) {
    const path = entry.header.name.replace(/^package\//, '');
    const { sha256 } = packedFile({ path, bytes: await buffer(entry), executable: false });
    if (path !== 'conformance.json') found.push({ path, sha256 });
  }
  expect(treeHash(found)).toBe(digest);
  await writeFile(join(folder, 'conformance.json'), '{ "other": true }');
  expect(await packageDigest(folder)).toBe(digest);
  await writeFile(join(folder, 'dist/plugin.js'), 'export default { changed: true };\n');
  expect(await packageDigest(folder)).not.toBe(digest);
});

test.each([
  [{ private: true }, 'VP_PUBLISH_PRIVATE'],
  [{ version: '1.0' }, 'VP_PUBLISH_VERSION'],
  [{ license: undefined }, 'VP_PUBLISH_NO_LICENSE'],
  [{ scripts: { postinstall: 'node steal.js' } }, 'VP_PUBLISH_SCRIPTS'],
  [{ engines: { vp: '*' } }, 'VP_PUBLISH_ENGINES'],
  [{ engines: {} }, 'VP_PUBLISH_ENGINES'],
  [{ type: 'commonjs' }, 'VP_PUBLISH_NOT_MODULE'],
  [{ dependencies: { pg: 'file:../pg' } }, 'VP_PUBLISH_DEPENDENCY'],
  [{ dependencies: { pg: '^8.0.0' }, bundleDependencies: ['pg'] }, 'VP_PUBLISH_DEPENDENCY'],
  [{ files: ['conformance.json'] }, 'VP_PUBLISH_FILE_MISSING'],
  [{ vp: { ...good.vp, conformance: './conformance.json' } }, 'VP_PUBLISH_REPORT_MISSING'],
  [{ vp: { ...good.vp, entry: './dist/other.js' } }, 'VP_PUBLISH_FILE_MISSING'],
  [{ files: ['dist', '.env'] }, 'VP_PUBLISH_SECRET_FILE'],
  [{ vp: { ...good.vp, entri: './dist/plugin.js' } }, 'VP_MANIFEST_UNKNOWN_KEY'],
  [{ vp: undefined }, 'VP_MANIFEST_NO_PLUGIN'],
  [{ scripts: ['build'] }, 'VP_PUBLISH_PACKAGE_INVALID'],
])('what a registry would refuse is refused before it is sent: %j', async (change, code) => {
  await write({ ...good, ...change }, { ...files, '.env': 'TOKEN=1' });
  await expect(dry()).rejects.toMatchObject({ code });
});

test('several faults are told together', async () => {
  await write({ ...good, license: undefined, private: true }, { 'README.md': '' });
  await expect(dry()).rejects.toMatchObject({
    code: 'VP_PUBLISH_NOT_READY',
    message: expect.stringMatching(/private[\s\S]*license[\s\S]*dist\/plugin\.js.* does not exist/),
  });
});

test('a registry that is not there is told by its address, and the token by nobody', async () => {
  await write(good);
  const request = { directory: folder, registry: 'http://127.0.0.1:9/', token: 'npm_s3cret' };
  const error = await publishPackage(request).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'VP_PUBLISH_UNREACHABLE', class: 'transient' });
  expect(String(error)).toContain('http://127.0.0.1:9/');
  expect(JSON.stringify(error)).not.toContain('s3cret');
});

test.each([
  [403, 'you may not', 'VP_PUBLISH_DENIED'],
  [400, 'an install script', 'VP_PUBLISH_REFUSED'],
])('a registry that answers %i is quoted', async (status, reason, code) => {
  await write(good);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.authorization}`);
    response.writeHead(request.method === 'PUT' ? status : 404, { 'content-type': 'application/json' });
    request.resume().on('end', () => response.end(JSON.stringify({ error: reason })));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const registry = `http://127.0.0.1:${port}/`;
  try {
    await expect(publishPackage({ directory: folder, registry, token: 'npm_s3cret' })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(reason),
    });
    expect(asked).toContain('PUT Bearer npm_s3cret');
  } finally {
    server.close();
  }
});
