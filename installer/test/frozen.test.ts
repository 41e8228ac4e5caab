import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lock } from '@vp/contracts/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installFrozen } from '../src/install/frozen.ts';
import { verifyInstalled } from '../src/install/verify.ts';
import { registrySource } from '../src/source/registry-source.ts';
import { type FixtureRegistry, startFixtureRegistry } from './lib/fixture-registry.ts';
import { type TestProject, testProject } from './lib/project.ts';
import { publishUsual } from './lib/usual-plugins.ts';

let registry: FixtureRegistry;

beforeAll(async () => {
  registry = await startFixtureRegistry();
  await publishUsual(registry);
});

afterAll(() => registry[Symbol.asyncDispose]());

const lockOf = (project: TestProject): Lock => JSON.parse(project.read('vp.lock'));
const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe('--frozen', () => {
  const frozen = async (project: TestProject, url = registry.url) =>
    installFrozen({
      projectDir: project.dir,
      source: async () => registrySource({ options: await project.options(url) }),
    });

  test('installs exactly the lock on another machine, and asks nobody when it is there', async () => {
    using project = testProject();
    await project.install(registry.url, ['@acme/pg@1', '@acme/weather']);
    using other = testProject(project.read('vp.toml'));
    other.write('vp.lock', project.read('vp.lock'));
    expect(await frozen(other)).toMatchObject({ because: 'nothing is installed', set: { packages: 4 } });
    expect(other.state()).toEqual(project.state());
    const asked = registry.asked.length;
    expect((await frozen(other)).because).toBeUndefined();
    expect(registry.asked).toHaveLength(asked);
    writeFileSync(join(other.dir, '.vp/plugins/current/node_modules/left/index.js'), 'export default 0;\n');
    expect(await frozen(other)).toMatchObject({ because: 'node_modules/left/index.js is changed' });
    expect(verifyInstalled(other.dir)).toMatchObject({ ok: true });
  });

  test('a lock of another system installs what is for this one', async () => {
    using project = testProject();
    await project.install(registry.url, ['@acme/pg@1'], { platform: { os: 'aix', cpu: 'ppc64' } });
    expect(lockOf(project).packages['node_modules/native-linux']?.tree).toBeUndefined();
    const text = project.read('vp.lock');
    expect((await frozen(project)).because).toBeUndefined();
    using other = testProject(project.read('vp.toml'));
    other.write('vp.lock', text);
    await frozen(other);
    expect(existsSync(join(other.dir, '.vp/plugins/current/node_modules/native-linux'))).toBe(true);
    expect(other.read('vp.lock')).toBe(text);
    expect(verifyInstalled(other.dir)).toMatchObject({ ok: true });
  });

  test('vp.toml that asks for something else is drift, by name', async () => {
    using project = testProject();
    await expect(frozen(project)).rejects.toThrow(code('VP_INSTALL_NO_LOCK'));
    await project.install(registry.url, ['@acme/pg@1']);
    const toml = project.read('vp.toml');
    const text = project.read('vp.lock');
    project.write('vp.toml', `${toml}[plugins."@acme/weather"]\nversion = "^1.0.0"\n`);
    await expect(frozen(project)).rejects.toThrow(
      /vp\.toml asks for @acme\/weather, which vp\.lock does not have/,
    );
    project.write('vp.toml', toml.replace('version = "1"', 'version = "^2"'));
    await expect(frozen(project)).rejects.toThrow(/wants @acme\/pg \^2, vp\.lock has 1\.1\.0/);
    project.write('vp.toml', toml);
    project.write('vp.lock', text.replaceAll(/"version": "1\.1\.0"/g, '"version": "1.0.0"'));
    await expect(frozen(project)).rejects.toThrow(code('VP_TRUST_WRONG_SIGNATURE'));
  });
});

describe('vp.lock', () => {
  test('two branches that added a plugin each are put together by an install', async () => {
    using one = testProject();
    await one.install(registry.url, ['@acme/weather']);
    const base = one.read('vp.lock');
    using two = testProject(one.read('vp.toml'));
    two.write('vp.lock', base);
    await one.install(registry.url, ['@acme/pg@1']);
    await two.install(registry.url, ['new=@acme/pg@2']);
    const marked = `<<<<<<< HEAD\n${one.read('vp.lock')}=======\n${two.read('vp.lock')}>>>>>>> other\n`;
    one.write('vp.lock', marked);
    const toml = one.read('vp.toml');
    one.write('vp.toml', toml + two.read('vp.toml').slice(two.read('vp.toml').indexOf('[plugins.new]')));
    expect(() => verifyInstalled(one.dir)).toThrow(code('VP_LOCK_CONFLICT'));
    const result = await one.install(registry.url, [], { grant: undefined });
    expect(result.changes).toEqual([]);
    expect(Object.keys(lockOf(one).plugins)).toEqual(['@acme/pg', '@acme/weather', 'new']);
    expect(verifyInstalled(one.dir)).toMatchObject({ ok: true, plugins: 3 });
  });

  test('of two branches that changed one plugin vp.toml decides, or nobody', async () => {
    using one = testProject();
    await one.install(registry.url, ['@acme/pg@1.0.0']);
    using two = testProject(one.read('vp.toml'));
    await two.install(registry.url, ['@acme/pg@1.1.0']);
    one.write(
      'vp.lock',
      `<<<<<<< HEAD\n${one.read('vp.lock')}=======\n${two.read('vp.lock')}>>>>>>> other\n`,
    );
    one.write('vp.toml', two.read('vp.toml').replace('"1.1.0"', '"^1.0.0"'));
    await expect(one.install(registry.url, [])).rejects.toThrow(code('VP_INSTALL_LOCK_SIDES'));
    one.write('vp.toml', two.read('vp.toml'));
    await one.install(registry.url, []);
    expect(one.read('vp.lock')).toBe(two.read('vp.lock'));
  });

  test('of a version that nobody knows, and edited by hand', async () => {
    using project = testProject();
    await project.install(registry.url, ['@acme/weather']);
    const text = project.read('vp.lock');
    project.write('vp.lock', text.replace('"lockVersion": 1', '"lockVersion": 7'));
    await expect(project.install(registry.url, [])).rejects.toThrow(code('VP_LOCK_VERSION'));
    const forged = text.replaceAll(/"tree": "sha256-[0-9a-f]{4}/g, '"tree": "sha256-0000');
    project.write('vp.lock', forged);
    await expect(project.install(registry.url, [])).rejects.toThrow(code('VP_INSTALL_TREE'));
    expect(project.read('vp.lock')).toBe(forged);
  });
});
