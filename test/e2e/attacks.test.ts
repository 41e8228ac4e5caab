import {
  cpSync,
  existsSync,
  globSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FixtureRegistry,
  sourcePlugin,
  startFixtureRegistry,
} from '../../installer/test/lib/fixture-registry.ts';
import { type AttackSite, createAttackSite, lockOf, ok, read, write } from './lib/attack-site.ts';
import { hostileAnswers, publishEscapes } from './lib/hostile-answers.ts';
import { vp } from './lib/vp.ts';

// What an attacker with a registry, an .npmrc, the environment, a lock or a kill -9 could try, with the real
// command; where nobody lies, with the real registry too.

let site: AttackSite;
let hostile: FixtureRegistry;
beforeAll(async () => {
  [site, hostile] = await Promise.all([createAttackSite(), startFixtureRegistry()]);
  await hostile.publish({ name: '@acme/good', version: '1.0.0', vp: sourcePlugin('good') });
});
afterAll(async () => {
  await site?.dispose();
  await hostile?.[Symbol.asyncDispose]();
});

const emptyProject = (npmrc: string) => site.emptyProject(npmrc);
const copyOfProject = () => site.copyOfProject();

describe.concurrent('a registry that answers with', () => {
  test.each(Object.entries(hostileAnswers))(
    '%s is told by name, and nothing is changed',
    async (_, [wanted, answer]) => {
      await using registry = await startFixtureRegistry();
      registry.answer = (request, response) => {
        answer(request, response);
        return true;
      };
      const cwd = emptyProject(`registry=${registry.url}`);
      const result = await vp(['plugins', 'install', '@acme/good', '--yes'], { cwd });
      expect(result.stderr).toMatch(wanted);
      expect([2, 3, 4]).toContain(result.code);
      expect(existsSync(join(cwd, 'vp.lock'))).toBe(false);
    },
    60_000,
  );
});

test.each([
  [
    'the environment',
    () => ({ npm_config_registry: hostile.url }),
    (npmrc: string) => npmrc.replace(/^registry=.*/, ''),
  ],
  ["the project's .npmrc", () => ({}), (npmrc: string) => `@acme:registry=${hostile.url}\n${npmrc}`],
])('%s sends a locked package to another registry: refused, whoever agrees', async (_, env, edit) => {
  await hostile.publish({ name: '@acme/weather', version: '1.0.9', vp: sourcePlugin('weather') });
  const cwd = copyOfProject();
  writeFileSync(join(cwd, '.npmrc'), edit(read(cwd, '.npmrc')));
  const before = lockOf(cwd);
  for (const args of [
    ['install', '@acme/weather@^1.0.9', '--yes'],
    ['install', 'other=@acme/weather', '--yes'],
    ['upgrade', '--yes'],
  ]) {
    const result = await vp(['plugins', ...args], { cwd, env: env() });
    expect(result.stderr).toContain('VP_INSTALL_REGISTRY_CHANGED');
    expect(result.code).toBe(3);
  }
  expect(lockOf(cwd)).toEqual(before);
  ok(await vp(['forecast'], { cwd }));
});

test('what strangers wrote does nothing to a terminal', async () => {
  await publishEscapes(hostile);
  const cwd = emptyProject(`registry=${hostile.url}`);
  for (const args of [
    ['info', '@acme/escapes'],
    ['install', '@acme/escapes', '--dry-run'],
    ['install', '@acme/escapes'],
  ]) {
    const { stdout, stderr } = await vp(['plugins', ...args], { cwd });
    expect(stdout + stderr).toContain('pwned');
    expect((stdout + stderr).replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
  }
});

test('names that are paths, words of JavaScript or look-alikes are no plugins', async () => {
  const cwd = emptyProject(`registry=${hostile.url}`);
  const names = [
    '../x',
    '/etc',
    '.vp',
    '__proto__',
    'constructor',
    '@acme/../x',
    '@аcme/good',
    'a b',
    'x=..@1',
    '%2e%2e',
  ];
  const results = await Promise.all(
    names.map((name) => vp(['plugins', 'install', '--yes', '--', name], { cwd })),
  );
  for (const [at, { code, stderr }] of results.entries()) {
    expect(stderr, names[at]).toContain('VP_INSTALL_SPEC');
    expect(code, names[at]).toBe(2);
  }
  expect(existsSync(join(cwd, 'vp.lock'))).toBe(false);
  writeFileSync(
    join(cwd, 'vp.toml'),
    '[project]\nname = "shop"\n[plugins]\nconstructor = "^1"\n"__proto__" = "^1"\n',
  );
  for (const args of [['list'], ['install', '--yes'], ['verify']]) {
    const { code, stderr } = await vp(['plugins', ...args], { cwd });
    expect(code, stderr).toBeLessThan(6);
  }
});

test('no secret of .npmrc is in what is printed or kept', async () => {
  const { host } = new URL(site.url);
  const secret = 'hush-4711';
  const cases = [
    `registry=http://user:${secret}@${host}/`,
    `registry=ftp://user:${secret}@${host}/`,
    `registry=http://${host}/?token=${secret}`,
    `registry=http://127.0.0.1:1/\n//127.0.0.1:1/:_authToken=${secret}`,
    `registry=http://${host}/\n//${host}/:_authToken=${secret}`,
    `registry=http://${host}/\nproxy=http://user:${secret}@127.0.0.1:1/`,
    `_authToken=${secret}`,
  ];
  await Promise.all(
    cases.map(async (npmrc) => {
      const cwd = emptyProject(npmrc);
      for (const args of [
        ['install', '@acme/weather', '--yes'],
        ['info', '@acme/gone', '--json'],
        ['search', 'weather'],
      ]) {
        const { code, stdout, stderr } = await vp(['plugins', ...args, '--debug'], { cwd });
        expect(code).not.toBe(70);
        expect(stdout + stderr).not.toContain(secret);
      }
      const kept = globSync('{vp.*,.vp/**/*}', { cwd }).filter((file) => statSync(join(cwd, file)).isFile());
      for (const file of kept) expect(read(cwd, file), file).not.toContain(secret);
    }),
  );
}, 60_000);

test("a package of the project's own node_modules is not found by an installed plugin", async () => {
  const peek = `for (const load of [() => import('peeked'), () => require('peeked'), () => import('@acme/peeked/x.js')])
    try { await load(); print('found'); } catch (error) { print(error.code); }`;
  await site.publishCommand('@acme/curious', '1.0.0', 'peek', peek);
  const cwd = copyOfProject();
  write(cwd, {
    'node_modules/peeked/index.js': 'module.exports = 1;\n',
    'node_modules/@acme/peeked/x.js': 'module.exports = 1;\n',
    '../node_modules/peeked/index.js': 'module.exports = 1;\n',
  });
  ok(await vp(['plugins', 'install', '@acme/curious', '--yes'], { cwd }));
  const { stdout } = await vp(['peek'], { cwd });
  expect(stdout).toBe('ERR_MODULE_NOT_FOUND\nMODULE_NOT_FOUND\nERR_MODULE_NOT_FOUND\n');
  rmSync(join(site.root, 'node_modules'), { recursive: true });
});

test('a process that runs keeps its plugins, however many are installed meanwhile', async () => {
  const wait = `print('ready'); while (!existsSync('go')) await sleep(20); print((await import('./late.js')).word);`;
  await site.publishCommand('@acme/patient', '1.0.0', 'wait', wait, {
    'late.js': "export const word = 'first';\n",
  });
  await site.publishCommand('@acme/patient', '1.1.0', 'wait', wait, {
    'late.js': "export const word = 'second';\n",
  });
  const cwd = copyOfProject();
  ok(await vp(['plugins', 'install', '@acme/patient@1.0.0', '--yes'], { cwd }));
  const ready = Promise.withResolvers<void>();
  const running = vp(['wait'], { cwd, onOutput: (text) => text.includes('ready') && ready.resolve() });
  await Promise.race([ready.promise, running]);
  ok(await vp(['plugins', 'install', '@acme/patient@1.1.0', '--yes'], { cwd }));
  for (const key of ['a', 'b', 'c', 'd'])
    ok(await vp(['plugins', 'install', `${key}=@acme/weather@1.0.0`, '--yes'], { cwd }));
  writeFileSync(join(cwd, 'go'), '');
  expect(await running).toMatchObject({ code: 0, stdout: 'ready\nfirst\n' });
  expect((await vp(['wait'], { cwd })).stdout).toBe('ready\nsecond\n');
}, 60_000);

test('a lock of another platform: what is optional there is left out here, what is not is refused', async () => {
  const pack = (name: string, more: Readonly<Record<string, unknown>>) =>
    hostile.publish({ name, version: '1.0.0', manifest: more });
  await pack('only-there', { os: ['aix'] });
  const depends = { optionalDependencies: { 'only-there': '1.0.0' } };
  await hostile.publish({
    name: '@acme/both',
    version: '1.0.0',
    vp: sourcePlugin('both'),
    manifest: depends,
  });
  const cwd = emptyProject(`registry=${hostile.url}`);
  ok(await vp(['plugins', 'install', '@acme/both', '--yes'], { cwd }));
  expect(lockOf(cwd).packages['node_modules/only-there']).toMatchObject({ os: ['aix'] });
  expect(existsSync(join(cwd, '.vp/plugins/current/node_modules/only-there'))).toBe(false);
  rmSync(join(cwd, '.vp'), { recursive: true });
  ok(await vp(['plugins', 'install', '--frozen'], { cwd }));
  const lock = lockOf(cwd);
  const { 'node_modules/only-there': there, 'node_modules/@acme/both': both } = lock.packages;
  delete there.optional;
  both.dependencies = { 'only-there': '1.0.0' };
  delete both.optionalDependencies;
  writeFileSync(join(cwd, 'vp.lock'), JSON.stringify(lock, undefined, 2));
  rmSync(join(cwd, '.vp'), { recursive: true });
  expect((await vp(['plugins', 'install', '--frozen'], { cwd })).stderr).toContain('VP_INSTALL_PLATFORM');
});

test('files and an index that were forged together are found by whoever reads every byte', async () => {
  const cwd = copyOfProject();
  const folder = join(cwd, '.vp/plugins/current');
  const file = join(folder, 'node_modules/@acme/weather/plugin.js');
  ok(await vp(['forecast'], { cwd }));
  writeFileSync(file, readFileSync(file, 'utf8').replace('21 ', '99 '));
  const index = JSON.parse(read(folder, 'vp-index.json'));
  const entry = index.packages['node_modules/@acme/weather'];
  const { size, mtimeMs, ctimeMs } = statSync(file);
  Object.assign(entry.files['plugin.js'], { size, mtime: mtimeMs, ctime: ctimeMs });
  writeFileSync(join(folder, 'vp-index.json'), JSON.stringify(index));
  const verify = await vp(['plugins', 'verify'], { cwd });
  expect(verify).toMatchObject({ code: 3, stdout: expect.stringContaining('plugin.js is changed') });
  ok(await vp(['plugins', 'install', '--frozen'], { cwd }));
  expect((await vp(['forecast'], { cwd })).stdout).toContain('21 C');
});

test('links in place of .vp and of current lead to no byte that vp.lock does not vouch for', async () => {
  const cwd = copyOfProject();
  const elsewhere = join(site.root, 'elsewhere');
  cpSync(join(cwd, '.vp'), elsewhere, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  rmSync(join(cwd, '.vp'), { recursive: true });
  symlinkSync(elsewhere, join(cwd, '.vp'));
  ok(await vp(['forecast'], { cwd }));
  ok(await vp(['plugins', 'install', 'again=@acme/weather@1.0.0', '--yes'], { cwd }));
  ok(await vp(['plugins', 'verify'], { cwd }));
  const evil = join(site.root, 'evil');
  cpSync(join(elsewhere, 'plugins/current/'), evil, { recursive: true });
  const file = join(evil, 'node_modules/@acme/weather/plugin.js');
  writeFileSync(file, readFileSync(file, 'utf8').replace('21 ', '99 '));
  rmSync(join(elsewhere, 'plugins/current'));
  symlinkSync(evil, join(elsewhere, 'plugins/current'));
  const result = await vp(['forecast'], { cwd });
  expect(result).toMatchObject({ code: 3, stderr: expect.stringContaining('VP_PLUGIN_TAMPERED') });
});
