import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPlugins, recoverInstall, registrySource, rollback, verifyInstalled } from '@vp/installer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type FixtureRegistry,
  sourcePlugin,
  startFixtureRegistry,
} from '../../installer/test/lib/fixture-registry.ts';
import { type TestProject, testProject } from '../../installer/test/lib/project.ts';

// `vp plugins install` is killed at forty moments spread over its whole time, from its first millisecond to
// after its end. Each time either the old set or the new one must be there, complete and verified, once the
// next command has opened the project; and the next install must work and leave nothing behind.

const kills = 40;
const installer = join(import.meta.dirname, '../../installer/test/lib/install-process.ts');

let registry: FixtureRegistry;

beforeAll(async () => {
  registry = await startFixtureRegistry();
  const files = Object.fromEntries(
    Array.from({ length: 150 }, (_, at) => [`lib/${at % 10}/${at}.js`, `export default ${at};\n`.repeat(50)]),
  );
  for (const name of ['dep-a', 'dep-b', 'dep-c']) await registry.publish({ name, version: '1.0.0', files });
  const manifest = { dependencies: { 'dep-a': '^1.0.0', 'dep-b': '^1.0.0' } };
  await registry.publish({ name: '@acme/old', version: '1.0.0', vp: sourcePlugin('old'), manifest });
  await registry.publish({
    name: '@acme/new',
    version: '1.0.0',
    vp: sourcePlugin('new'),
    manifest: { dependencies: { 'dep-b': '^1.0.0', 'dep-c': '^1.0.0' } },
  });
});

afterAll(() => registry[Symbol.asyncDispose]());

function start(project: TestProject): ChildProcess {
  return spawn(process.execPath, [installer, project.dir, registry.url, '@acme/new'], { stdio: 'ignore' });
}

/** A project that has the old plugin, a copy of one that was installed once. */
function copyOf(made: TestProject): TestProject {
  const project = testProject();
  cpSync(made.dir, project.dir, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return project;
}

test('an install that is killed at forty moments leaves one whole set, and nothing for ever', async () => {
  using made = testProject();
  await made.install(registry.url, ['@acme/old']);
  const seen = { old: 0, recovered: 0, new: 0 };

  using timed = copyOf(made);
  const began = performance.now();
  await once(start(timed), 'exit');
  const whole = performance.now() - began;
  expect(verifyInstalled(timed.dir)).toMatchObject({ ok: true, plugins: 2 });

  for (let kill = 0; kill < kills; kill++) {
    using project = copyOf(made);
    const before = { toml: project.read('vp.toml'), lock: project.read('vp.lock') };
    const child = start(project);
    const exit = once(child, 'exit');
    // Closer together towards the end, where it commits.
    const share = 1 - (1 - kill / kills) ** 2;
    setTimeout(() => child.kill('SIGKILL'), whole * (0.2 + share));
    await exit;

    const recovered = await recoverInstall(project.dir);
    const report = verifyInstalled(project.dir);
    expect(report, `killed after ${Math.round(whole * (0.2 + share))} ms`).toMatchObject({ ok: true });
    if (report.plugins === 1) {
      seen.old++;
      expect({ toml: project.read('vp.toml'), lock: project.read('vp.lock') }).toEqual(before);
    } else if (recovered) seen.recovered++;
    else seen.new++;

    const options = await project.options(registry.url);
    await installPlugins({
      projectDir: project.dir,
      specs: ['@acme/new'],
      source: registrySource({ options }),
      grant: 'all',
    });
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 2 });
    const plugins = join(project.dir, '.vp/plugins');
    expect(readdirSync(plugins).sort()).toEqual(['current', 'generations']);
    expect(readdirSync(join(plugins, 'generations')).filter((name) => !/^\d+$/.test(name))).toEqual([]);
    await rollback({ projectDir: project.dir });
    expect(verifyInstalled(project.dir)).toMatchObject({ ok: true, plugins: 1 });
    expect(existsSync(join(plugins, 'pending.json'))).toBe(false);
    expect(readFileSync(join(project.dir, 'vp.toml'), 'utf8')).toBe(before.toml);
  }
  console.log(`killed ${kills} times: ${JSON.stringify(seen)}, a whole install ${Math.round(whole)} ms`);
  expect(seen.old).toBeGreaterThan(0);
});
