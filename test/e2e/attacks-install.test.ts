import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishPackage } from '@vp/installer';
import { type RunningRegistry, startRegistry } from '@vp/registry';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { temporaryFolder, type VpResult, vp, vpJson } from './lib/vp.ts';

// The whole way, with the real registry and the real command: what an attacker with the registry's disk, the
// project's disk or a merge could change is refused by its name, and what was installed works as before.

let root: Awaited<ReturnType<typeof temporaryFolder>>;
let registry: RunningRegistry;
let project: string;
let counter = 0;

const token = () => registry.adminToken ?? '';

function plugin(name: string, version: string, more: Record<string, unknown> = {}): string {
  const directory = join(root.path, 'plugins', `${name.replaceAll('/', '-')}-${version}`);
  mkdirSync(directory, { recursive: true });
  const id = name.slice(name.indexOf('/') + 1);
  const manifest = {
    name,
    version,
    description: `Reads ${id}.`,
    license: 'Apache-2.0',
    type: 'module',
    engines: { vp: '^1.0.0' },
    files: ['plugin.js'],
    vp: {
      manifestVersion: 1,
      entry: './plugin.js',
      contributes: { sources: [{ id, contract: 'source@1', formats: ['rows'] }] },
      ...more,
    },
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, undefined, 2));
  writeFileSync(join(directory, 'README.md'), `# ${name}\n`);
  writeFileSync(
    join(directory, 'plugin.js'),
    `export default { $$type: '@vp/plugin', version: 'v1', register(reg) { reg.source('${id}', { create: () => ({}) }); } };\n`,
  );
  return directory;
}

const publish = (directory: string) => publishPackage({ directory, registry: registry.url, token: token() });

beforeAll(async () => {
  root = await temporaryFolder();
  registry = await startRegistry({
    dataDir: join(root.path, 'registry'),
    port: 0,
    settings: { private_scopes: ['@acme', '@vp'] },
  });
  await publish(plugin('@acme/weather', '1.0.0'));
  await publish(plugin('@acme/weather', '1.1.0', { permissions: { network: ['api.acme.dev:443'] } }));
  await publish(plugin('@acme/tides', '1.0.0'));
}, 60_000);

afterAll(async () => {
  await registry.stop();
  await root.dispose();
});

const environment = () => ({ npm_config_cache: join(project, 'npm-cache') });
const run = (args: readonly string[]): Promise<VpResult> => vp(args, { cwd: project, env: environment() });
const json = <T>(args: readonly string[]) => vpJson<T>(args, { cwd: project, env: environment() });
const read = (file: string) => readFileSync(join(project, file), 'utf8');
const write = (file: string, text: string | Buffer) => writeFileSync(join(project, file), text);

beforeEach(() => {
  project = join(root.path, `project-${counter++}`);
  mkdirSync(project);
  write('.npmrc', `registry=${registry.url}\n`);
  write('vp.toml', '# ours\n[project]\nname = "shop"\n');
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

interface Failure {
  readonly error: { readonly code: string; readonly hint: string };
}

test('install, upgrade with a new permission, rollback, a second checkout, remove', async () => {
  const refused = await run(['plugins', 'install', '@acme/weather@1.0.0']);
  expect(refused).toMatchObject({ code: 2, stdout: expect.stringContaining('brings') });
  expect(refused.stderr).toContain('--yes');
  expect(read('vp.toml')).toBe('# ours\n[project]\nname = "shop"\n');

  expect(await run(['plugins', 'install', '@acme/weather@1.0.0', '--yes'])).toMatchObject({ code: 0 });
  const list = await json<readonly { readonly name: string; readonly trust: string }[]>(['plugins', 'list']);
  expect(list.data).toMatchObject([{ name: '@acme/weather', version: '1.0.0', trust: 'verified' }]);

  const wider = await run(['plugins', 'install', '@acme/weather@^1.1', '--grant', 'env=HOME']);
  expect(wider).toMatchObject({ code: 2, stderr: expect.stringContaining('network=api.acme.dev:443') });
  const granted = ['plugins', 'install', '@acme/weather@^1.1', '--grant', 'network=api.acme.dev:443'];
  expect(await run(granted)).toMatchObject({ code: 0 });
  expect(read('vp.toml')).toMatch(/^# ours\n[\s\S]*grants = \{ network = \["api\.acme\.dev:443"\] \}/);

  const other = join(root.path, `checkout-${counter}`);
  mkdirSync(other);
  for (const file of ['.npmrc', 'vp.toml', 'vp.lock']) cpSync(join(project, file), join(other, file));
  const frozen = await vp(['plugins', 'install', '--frozen'], { cwd: other, env: environment() });
  expect(frozen).toMatchObject({ code: 0, stdout: expect.stringContaining('exactly as vp.lock says') });
  expect(await vp(['plugins', 'verify'], { cwd: other, env: environment() })).toMatchObject({ code: 0 });
  rmSync(other, { recursive: true });

  expect(await run(['plugins', 'rollback'])).toMatchObject({ code: 0 });
  expect(read('vp.toml')).toContain('"@acme/weather" = "1.0.0"');
  expect(await run(['plugins', 'remove', '@acme/weather'])).toMatchObject({ code: 0 });
  expect(JSON.parse(read('vp.lock')).plugins).toEqual({});
  expect(read('vp.toml')).toContain('# ours\n[project]\nname = "shop"\n');
}, 60_000);

test("a tarball that was changed in the registry's storage", async () => {
  const [tarball = ''] = globSync('**/tides-1.0.0.tgz', { cwd: join(root.path, 'registry') });
  const file = join(root.path, 'registry', tarball);
  const bytes = readFileSync(file);
  const copy = Buffer.from(bytes);
  copy[60] = (copy[60] ?? 0) ^ 1;
  writeFileSync(file, copy);
  try {
    const { code, data } = await json<Failure>(['plugins', 'install', '@acme/tides', '--yes']);
    expect(code).not.toBe(0);
    expect(['VP_INSTALL_INTEGRITY', 'VP_INSTALL_DOWNLOAD']).toContain(data.error.code);
    expect(globSync('**/vp.lock', { cwd: project })).toEqual([]);
  } finally {
    writeFileSync(file, bytes);
  }
  expect(await run(['plugins', 'install', '@acme/tides', '--yes'])).toMatchObject({ code: 0 });
});

test('what somebody does to the installed files keeps the plugin from loading, and is named', async () => {
  await run(['plugins', 'install', '@acme/weather@1.0.0', '@acme/tides', '--yes']);
  const folder = '.vp/plugins/current/node_modules/@acme/weather';
  const text = read(`${folder}/plugin.js`);
  write(`${folder}/plugin.js`, text.replace('v1', 'v2'));
  write(`${folder}/extra.js`, '');
  const list = await json<
    readonly { readonly error?: { readonly code: string; readonly message: string } }[]
  >(['plugins', 'list']);
  expect(list.data).toMatchObject([
    { name: '@acme/weather', state: 'failed', error: { code: 'VP_PLUGIN_TAMPERED' } },
    { name: '@acme/tides', state: expect.not.stringContaining('failed') },
  ]);
  expect(list.data[0]?.error?.message).toContain('plugin.js');
  const verify = await run(['plugins', 'verify']);
  expect(verify).toMatchObject({ code: 3 });
  expect(verify.stdout).toContain('@acme/weather/plugin.js is changed');
  expect(verify.stdout).toContain('@acme/weather/extra.js was added');
  expect(await run(['plugins', 'install', '--frozen'])).toMatchObject({ code: 0 });
  expect(await run(['plugins', 'verify'])).toMatchObject({ code: 0 });
  expect(read(`${folder}/plugin.js`)).toBe(text);
}, 60_000);

test('a lock with conflict markers says where, and the install that it names mends it', async () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: project,
      stdio: 'ignore',
    });
  git('init', '-b', 'main');
  write('.gitignore', '.vp\nnpm-cache\n');
  git('add', '.');
  git('commit', '-m', 'empty');
  for (const name of ['weather', 'tides']) {
    git('checkout', '-b', name, 'main');
    await run(['plugins', 'install', `@acme/${name}@1.0.0`, '--yes']);
    git('add', '.');
    git('commit', '-m', name);
  }
  git('checkout', 'weather');
  expect(() => git('merge', 'tides')).toThrow();
  // Both wrote [plugins] of vp.toml: that is for people to decide.
  write(
    'vp.toml',
    read('vp.toml')
      .replaceAll(/^(?:<{7}|={7}|>{7}).*\n/gm, '')
      .replace(/(\n\[plugins\]\n[^[]*)\n\[plugins\]\n/, '$1\n'),
  );
  const verify = await run(['plugins', 'verify']);
  expect(verify).toMatchObject({ code: 3, stderr: expect.stringMatching(/VP_LOCK_CONFLICT\s+vp\.lock:\d+/) });
  expect(verify.stderr).toContain('vp plugins install');
  expect(await run(['plugins', 'install'])).toMatchObject({ code: 0 });
  expect(Object.keys(JSON.parse(read('vp.lock')).plugins)).toEqual(['@acme/tides', '@acme/weather']);
  expect(await run(['plugins', 'verify'])).toMatchObject({ code: 0 });
}, 60_000);

test('a registry that is gone: what is installed works, and an install says how to go on', async () => {
  await run(['plugins', 'install', '@acme/weather@1.0.0', '--yes']);
  write('.npmrc', 'registry=http://127.0.0.1:1/\n');
  for (const args of [
    ['plugins', 'list'],
    ['plugins', 'verify'],
    ['plugins', 'install', '--frozen'],
    ['plugins', 'install'],
  ])
    expect(await run(args), args.join(' ')).toMatchObject({ code: 0 });
  const { code, data } = await json<Failure>(['plugins', 'install', '@acme/tides', '--yes']);
  expect(code).toBe(4);
  expect(data.error).toMatchObject({
    code: 'VP_REGISTRY_UNREACHABLE',
    hint: expect.stringContaining('--from'),
  });
}, 60_000);
