import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { verifyInstalled } from '../src/install/verify.ts';
import { recoverInstall } from '../src/state/journal.ts';
import { type FixtureRegistry, sourcePlugin, startFixtureRegistry } from './lib/fixture-registry.ts';
import { type TestProject, testProject } from './lib/project.ts';

let registry: FixtureRegistry;

beforeAll(async () => {
  registry = await startFixtureRegistry();
  await registry.publish({ name: 'dep', version: '1.0.0', files: { 'a/b/c.js': 'export {};\n' } });
  for (const id of ['one', 'two']) {
    const manifest = { dependencies: { dep: '^1.0.0' } };
    await registry.publish({ name: `@acme/${id}`, version: '1.0.0', vp: sourcePlugin(id), manifest });
  }
});

afterAll(() => registry[Symbol.asyncDispose]());
afterEach(() => {
  registry.answer = undefined;
});

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe('a registry that is not well', () => {
  test.each([
    ['documents that fail', 'VP_REGISTRY_FAILED', /%2ftwo$/i, 500],
    ['tarballs that fail', 'VP_INSTALL_DOWNLOAD', /two-1\.0\.0\.tgz$/, 500],
    ['tarballs that are gone', 'VP_INSTALL_DOWNLOAD', /two-1\.0\.0\.tgz$/, 404],
    ['tarballs that nobody may have', 'VP_INSTALL_DOWNLOAD', /two-1\.0\.0\.tgz$/, 403],
    ['wrong content', 'VP_REGISTRY_BAD_ANSWER', /%2ftwo$/i, 200],
    ['wrong bytes', 'VP_INSTALL_INTEGRITY', /two-1\.0\.0\.tgz$/, 200],
  ])('%s: %s', async (_, wanted, path, status) => {
    using project = testProject();
    await project.install(registry.url, ['@acme/one']);
    const before = project.state();
    registry.answer = (request, response) => {
      if (!path.test(request.url ?? '')) return false;
      response.statusCode = status;
      response.end('<html>Welcome to the guest network</html>');
      return true;
    };
    await expect(project.install(registry.url, ['@acme/two'])).rejects.toThrow(code(wanted));
    expect(project.state()).toEqual(before);
    registry.answer = undefined;
    await project.install(registry.url, ['@acme/two']);
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 2 });
  });

  test('one that is down', async () => {
    using project = testProject();
    await project.install(registry.url, ['@acme/one']);
    const before = project.state();
    await expect(project.install('http://127.0.0.1:1/', ['@acme/two'])).rejects.toThrow(
      code('VP_REGISTRY_UNREACHABLE'),
    );
    expect(project.state()).toEqual(before);
    expect(await project.install('http://127.0.0.1:1/', [])).toMatchObject({ changes: [] });
  });

  test('a tarball that trickles ends in an error', async () => {
    using project = testProject();
    registry.answer = (request, response) => {
      if (!/two-1\.0\.0\.tgz$/.test(request.url ?? '')) return false;
      const drip = setInterval(() => response.write(Buffer.alloc(2048)), 1000);
      response.on('close', () => clearInterval(drip));
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      return true;
    };
    await expect(project.install(registry.url, ['@acme/two'])).rejects.toMatchObject({
      code: 'VP_INSTALL_DOWNLOAD',
      message: expect.stringContaining('too few'),
    });
    expect(project.state()).toMatchObject({ lock: undefined, stages: [] });
  }, 30_000);
});

// Needs to be root on Linux, with the right to mount; elsewhere it counts as skipped.
const canMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"',
  ]).status === 0;

test.skipIf(!canMount)('a full disk is told as that, and nothing is half there', async () => {
  await registry.publish({
    name: '@acme/big',
    version: '1.0.0',
    vp: sourcePlugin('big'),
    files: Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`data/${at}.txt`, `${at}`.repeat(20_000)]),
    ),
  });
  using project = testProject();
  const plugins = join(project.dir, '.vp/plugins');
  mkdirSync(plugins, { recursive: true });
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', plugins]);
  try {
    await project.install(registry.url, ['@acme/one']);
    const before = project.state();
    await expect(project.install(registry.url, ['@acme/big'])).rejects.toThrow(
      code('VP_INSTALL_CANNOT_WRITE'),
    );
    expect(project.state()).toEqual(before);
    await project.install(registry.url, ['@acme/two']);
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 2 });
  } finally {
    spawnSync('umount', [plugins]);
  }
});

test('an edit of vp.toml while somebody is asked is not overwritten', async () => {
  using project = testProject();
  const approve = async () => {
    project.write('vp.toml', `${project.read('vp.toml')}# a thought\n`);
    return true;
  };
  await expect(project.install(registry.url, ['@acme/one'], { grant: undefined, approve })).rejects.toThrow(
    code('VP_INSTALL_EDITED'),
  );
  expect(project.read('vp.toml')).toContain('# a thought');
  expect(project.state()).toMatchObject({ lock: undefined });
});

test('two installs at once come one after the other, and both are there', async () => {
  using project = testProject();
  await Promise.all(['@acme/one', '@acme/two'].map((spec) => project.install(registry.url, [spec])));
  expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 2 });
});

/** An install in a process of its own, which kills itself at a point, or is killed after a while. */
async function installKilled(
  project: TestProject,
  spec: string,
  kill: { readonly at: string } | { readonly afterMs: number },
): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'lib/install-process.ts'), project.dir, registry.url, spec],
    {
      env: { ...process.env, ...('at' in kill ? { VP_TEST_CRASH_AT: kill.at } : {}) },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const timer = 'afterMs' in kill ? setTimeout(() => child.kill('SIGKILL'), kill.afterMs) : undefined;
  await once(child, 'exit');
  clearTimeout(timer);
}

const points = [
  ['resolved', 'old'],
  ['staged', 'old'],
  ['written', 'old'],
  ['before-journal', 'old'],
  ['journal', 'new'],
  ['lock-written', 'new'],
  ['toml-written', 'new'],
  ['current-swapped', 'new'],
  ['journal-removed', 'new'],
] as const;

describe('an install that is killed leaves the old set, or the new one once the next command ran', () => {
  test.each(points)('at %s: the %s one', async (at, which) => {
    using project = testProject();
    await project.install(registry.url, ['@acme/one']);
    const before = project.state();
    await installKilled(project, '@acme/two', { at });
    const recovered = await recoverInstall(project.dir);
    expect(recovered).toBe(which === 'new' && at !== 'journal-removed');
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: which === 'new' ? 2 : 1 });
    if (which === 'old')
      expect(project.state()).toMatchObject({ ...Object(before), stages: expect.anything() });
    await project.install(registry.url, ['@acme/two']);
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 2 });
    const left = readdirSync(join(project.dir, '.vp/plugins')).sort();
    expect(left).toEqual(['current', 'generations']);
    expect(
      readdirSync(join(project.dir, '.vp/plugins/generations')).every((name) => /^\d+$/.test(name)),
    ).toBe(true);
  });

  test('edited before it could be finished: both texts are kept, and somebody has to say', async () => {
    using project = testProject();
    await installKilled(project, '@acme/one', { at: 'journal' });
    project.write('vp.toml', `${project.read('vp.toml')}# mine\n`);
    await expect(recoverInstall(project.dir)).rejects.toThrow(code('VP_INSTALL_HALF'));
    expect(existsSync(join(project.dir, '.vp/plugins/pending.json'))).toBe(true);
  });

  test('the lock of a process that is gone is taken over', async () => {
    using project = testProject();
    mkdirSync(join(project.dir, '.vp/plugins'), { recursive: true });
    project.write(
      '.vp/plugins/install.lock',
      JSON.stringify({ pid: 999_999_999, host: hostname(), since: '' }),
    );
    await project.install(registry.url, ['@acme/one']);
    for (const text of ['', 'null', '[]', '{"pid":"1"}']) {
      project.write('.vp/plugins/install.lock', text);
      await project.install(registry.url, ['@acme/two']);
    }
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 2 });
  });
});
