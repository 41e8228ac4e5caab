import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RegistrySite, startRegistrySite } from '../services/registry.ts';
import { type AirGap, canUnshare, createAirGap } from './lib/air-gap.ts';
import { temporaryFolder, vp } from './lib/vp.ts';

const root = join(import.meta.dirname, '../..');

const toml = `# A deployment without a network.
[project]
name = "shop"

[plugins]
"@vp/executor-local" = "^1.0.0"

[plugins."@vp/duckdb"]
version = "^1.0.0"
grants = "all"

[plugins."@vp/files"]
version = "^1.0.0"
grants = "all"

[plugins."@vp/metadata-sqlite"]
version = "^1.0.0"
grants = "all"
`;

const pipeline = `import { asset, pipeline, publish, sink, source, sql } from 'vibepiper';
const orders = asset('orders', { source: source('files', { path: 'data/orders.csv' }) });
const totals = asset('totals', { sql: sql\`select customer, sum(amount) as total from \${orders} group by customer\` });
export default pipeline({ assets: [orders, totals], publish: [publish(totals, sink('csv', { path: 'out/totals.csv' }))] });
`;

describe.skipIf(!canUnshare)('in a network namespace without a route', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let site: RegistrySite | undefined;
  let gap: AirGap;
  let bundle: string;
  let keyid: string;

  /** What a project has that is not of this repository. */
  const listing = (cwd: string) =>
    readdirSync(cwd, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('node_modules'))
      .toSorted();

  const at = (name: string) => join(folder.path, name);

  /** A project that has the files of a repository, and nothing that was installed. */
  function project(name: string, files: Readonly<Record<string, string>>): string {
    const cwd = at(name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    mkdirSync(join(cwd, 'node_modules'), { recursive: true });
    symlinkSync(join(root, 'cli'), join(cwd, 'node_modules', 'vibepiper'));
    return cwd;
  }

  const code = { 'pipeline.ts': pipeline, 'data/orders.csv': 'customer,amount\nann,2\nbob,3\nann,5\n' };

  beforeAll(async () => {
    folder = await temporaryFolder();
    gap = createAirGap(folder.path);
    site = await startRegistrySite();
    await site.publishFirstParty(
      '@vp/contracts',
      '@vp/kernel',
      '@vp/plugin-sdk',
      '@vp/executor-local',
      '@vp/duckdb',
      '@vp/files',
      '@vp/metadata-sqlite',
    );
    const cwd = project('online', { 'vp.toml': toml, '.npmrc': `@vp:registry=${site.url}/\n`, ...code });
    const installed = await vp(['plugins', 'install', '--yes'], { cwd });
    expect(installed.code, installed.stdout + installed.stderr).toBe(0);
    bundle = at('vp.bundle');
    const made = await vp(['plugins', 'bundle', '-o', bundle, '--key', at('key'), '--json'], { cwd });
    expect(made.code, made.stdout + made.stderr).toBe(0);
    keyid = JSON.parse(made.stdout).keyid;
    await site.close();
    site = undefined;
  }, 120_000);

  afterAll(async () => {
    await site?.close();
    await folder?.dispose();
  });

  test('install --from, list, verify, plan and run work, and nobody is called', async () => {
    const cwd = project('offline', { 'vp.toml': toml, ...code });
    const commands = [
      ['plugins', 'install', '--from', bundle, '--yes'],
      ['plugins', 'install', '--frozen', '--from', bundle],
      ['plugins', 'install', '--frozen'],
      ['plugins', 'list'],
      ['plugins', 'verify'],
      ['plugins', 'why', '@vp/files'],
      ['plan'],
      ['run'],
      ['query', 'select * from totals order by customer'],
      ['runs', 'list'],
      ['doctor'],
    ];
    for (const words of commands) {
      const { code: exit, stdout, stderr, attempts } = await gap.vp(words, { cwd });
      expect(exit, `vp ${words.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
      expect(attempts, `vp ${words.join(' ')}`).toEqual([]);
    }
    expect(readFileSync(join(cwd, 'out/totals.csv'), 'utf8')).toContain('ann,7');
    // The very lock that the registry gave.
    expect(readFileSync(join(cwd, 'vp.lock'), 'utf8')).toBe(readFileSync(at('online/vp.lock'), 'utf8'));
    expect(readFileSync(join(cwd, 'vp.toml'), 'utf8')).toBe(toml);
    const rollback = await gap.vp(['plugins', 'rollback'], { cwd });
    expect(rollback.stderr, rollback.stdout).toContain('VP_INSTALL_');
    expect(rollback.attempts).toEqual([]);
  }, 120_000);

  test('one plugin of a bundle is installed alone, with the range of its deployment, and others beside it', async () => {
    const cwd = project('partial', { 'vp.toml': '[project]\nname = "shop"\n' });
    for (const words of [['@vp/executor-local', '--trust', keyid], ['@vp/metadata-sqlite@^1.0.0']]) {
      const {
        code: exit,
        stderr,
        attempts,
      } = await gap.vp(['plugins', 'install', '--from', bundle, ...words, '--yes'], { cwd });
      expect(exit, stderr).toBe(0);
      expect(attempts).toEqual([]);
    }
    const { plugins } = JSON.parse(readFileSync(join(cwd, 'vp.lock'), 'utf8'));
    expect(Object.keys(plugins)).toEqual(['@vp/executor-local', '@vp/metadata-sqlite']);
    const missing = await gap.vp(['plugins', 'install', '--from', bundle, '@vp/metadata-sqlit', '--yes'], {
      cwd,
    });
    expect(missing.stderr).toContain('does not have @vp/metadata-sqlit. Did you mean "@vp/metadata-sqlite"?');
  }, 60_000);

  test('what needs a registry says so and ends', async () => {
    const cwd = project('asking', { 'vp.toml': '[project]\nname = "shop"\n' });
    const installed = await gap.vp(['plugins', 'install', '--from', bundle, '@vp/executor-local', '--yes'], {
      cwd,
    });
    expect(installed.code, installed.stderr).toBe(0);
    const all = [
      ['plugins', 'search', 'postgres'],
      ['plugins', 'info', '@vp/postgres'],
      ['plugins', 'outdated'],
      ['plugins', 'upgrade', '--plan'],
      ['plugins', 'install', '@vp/postgres', '--yes'],
      ['plugins', 'bundle', '-o', at('again.bundle'), '--key', at('key')],
    ];
    for (const [registry, commands] of [
      ['https://npm.example.test/', all],
      ['http://127.0.0.1:9/', all.slice(0, 1)],
    ] as const) {
      writeFileSync(join(cwd, '.npmrc'), `registry=${registry}\n`);
      for (const words of commands) {
        const { code: exit, stderr, attempts } = await gap.vp(words, { cwd });
        expect(exit, `vp ${words.join(' ')}: ${stderr}`).toBe(4);
        expect(stderr).toContain(`VP_REGISTRY_UNREACHABLE\n  The registry ${registry} cannot be reached: `);
        expect(stderr).toContain('vp plugins install --from <bundle> installs without a network');
        // They do try: the count is not one of nothing.
        expect(attempts.length).toBeGreaterThan(0);
      }
    }
    expect(readdirSync(folder.path)).not.toContain('again.bundle');
  }, 180_000);

  test('a bundle that is not right is refused by name, and nothing is changed', async () => {
    const cwd = project('refusing', { 'vp.toml': toml });
    const bytes = readFileSync(bundle);
    const bad = (name: string, change: (copy: Buffer) => Buffer) => {
      writeFileSync(at(name), change(Buffer.from(bytes)));
      return at(name);
    };
    const flipped = bad('flipped.bundle', (copy) => {
      const middle = Math.floor(copy.length / 2);
      copy[middle] = (copy[middle] ?? 0) ^ 1;
      return copy;
    });
    const cut = bad('cut.bundle', (copy) => copy.subarray(0, copy.length - 700));
    const lying = bad('lying.bundle', (copy) => {
      const place = copy.indexOf('"linux"', copy.indexOf('"bundleVersion"'));
      copy.write('"win32"', place);
      return copy;
    });
    const before = listing(cwd);
    for (const [file, error] of [
      [flipped, /VP_BUNDLE_TAMPERED\n.*packages\/[0-9a-f]{64}\.tgz was changed/],
      [cut, /VP_BUNDLE_TRUNCATED/],
      [lying, /VP_BUNDLE_WRONG_SIGNATURE/],
      [at('nowhere.bundle'), /VP_BUNDLE_NOT_FOUND\n.*there is no such file/],
      [join(cwd, 'vp.toml'), /VP_BUNDLE_NOT_ONE/],
    ] as const) {
      const { code: exit, stderr } = await gap.vp(['plugins', 'install', '--from', file, '--yes'], { cwd });
      expect(exit, stderr).not.toBe(0);
      expect(stderr).toMatch(error);
    }
    const foreign = await gap.vp(
      ['plugins', 'install', '--from', bundle, '--trust', 'SHA256:somebody-else', '--yes'],
      { cwd },
    );
    expect(foreign.code).toBe(3);
    expect(foreign.stderr).toContain(`is signed by key ${keyid}; this project trusts SHA256:somebody-else`);
    for (const [key, expected] of [
      ['SHA256:another', 3],
      [keyid, 0],
    ] as const) {
      writeFileSync(join(cwd, 'vp.toml'), `${toml}\n[policy]\nbundle_keys = ["${key}"]\n`);
      const bound = await gap.vp(['plugins', 'install', '--from', bundle, '--dry-run'], { cwd });
      expect(bound.code, bound.stderr).toBe(expected);
    }
    writeFileSync(join(cwd, 'vp.toml'), toml);
    expect(listing(cwd).filter((path) => !path.startsWith('.vp'))).toEqual(before);
    expect(readFileSync(join(cwd, 'vp.toml'), 'utf8')).toBe(toml);
    cpSync(bundle, at('moved.bundle'));
    const good = await gap.vp(['plugins', 'install', '--from', at('moved.bundle'), '--dry-run'], { cwd });
    expect(good.code, good.stderr).toBe(0);
    expect(listing(cwd).filter((path) => !path.startsWith('.vp'))).toEqual(before);
  }, 60_000);
});
