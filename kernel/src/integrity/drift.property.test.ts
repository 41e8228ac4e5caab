import { formatLock, type Lock, lockDigest } from '@vp/contracts/registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lockDifferences, type WantedPlugin } from './drift.ts';
import { parseLock } from './lock-file.ts';

const names = ['@acme/a', '@acme/b', 'c'] as const;
const version = fc.constantFrom('1.0.0', '1.2.0', '2.0.0-beta.1', '2.0.0');
const patterns = fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 });
const grants = fc.option(
  fc.oneof(
    fc.constant('all' as const),
    fc.record({ env: patterns, network: patterns, native: fc.boolean() }, { requiredKeys: [] }),
  ),
  { nil: undefined },
);

const locked = fc.record({ package: fc.constantFrom('@acme/a', '@acme/b'), version, grants }).map((each) => ({
  package: each.package,
  version: each.version,
  registry: 'https://npm.acme.dev/',
  integrity: 'sha512-AAAA',
  tree: 'sha256-00',
  manifest: 'sha256-00',
  contracts: ['source@1'],
  ...(each.grants === undefined ? {} : { grants: each.grants }),
}));

const locks = fc
  .dictionary(fc.constantFrom(...names), locked)
  .map((plugins): Lock => ({ lockVersion: 1, registries: {}, plugins, packages: {} }));

/** What a deployment asks for whose lock was just written. */
const askedFor = (lock: Lock): WantedPlugin[] =>
  Object.entries(lock.plugins).map(([name, plugin]) => ({
    name,
    package: plugin.package,
    range: `^${plugin.version}`,
    grants: plugin.grants,
  }));

test('a lock that was just written differs in nothing, in whatever order its grants are listed', () => {
  fc.assert(
    fc.property(locks, (lock) => {
      const reversed = askedFor(lock).map((each) => {
        if (each.grants === undefined || each.grants === 'all') return each;
        const { env, network, ...rest } = each.grants;
        return {
          ...each,
          grants: { network: network?.toReversed() ?? [], ...rest, env: env?.toReversed() ?? [] },
        };
      });
      expect(lockDifferences({ lock, wanted: askedFor(lock) })).toEqual([]);
      expect(lockDifferences({ lock, wanted: reversed })).toEqual([]);
    }),
  );
});

test('each single change of what is asked for is one difference, of that plugin and that kind', () => {
  const change = fc.constantFrom('missing', 'extra', 'package', 'version', 'grants');
  fc.assert(
    fc.property(locks, change, fc.nat(), (lock, kind, pick) => {
      const wanted = askedFor(lock);
      const at = pick % Math.max(1, wanted.length);
      const each = wanted[at];
      fc.pre(each !== undefined);
      if (each === undefined) return;
      const changed: Record<typeof kind, WantedPlugin[]> = {
        missing: [{ ...each, name: '@acme/new' }, ...wanted],
        extra: wanted.toSpliced(at, 1),
        package: wanted.toSpliced(at, 1, { ...each, package: '@acme/other' }),
        version: wanted.toSpliced(at, 1, { ...each, range: '^9.0.0' }),
        grants: wanted.toSpliced(at, 1, { ...each, grants: { subprocess: ['git'] } }),
      };
      const found = lockDifferences({ lock, wanted: changed[kind] });
      expect(found.map((difference) => [difference.plugin, difference.kind])).toEqual([
        [kind === 'missing' ? '@acme/new' : each.name, kind],
      ]);
      expect(found[0]?.text).toMatch(/vp\.lock/);
    }),
  );
});

test('a lock is read back as it was written, with the digest of its content', () => {
  fc.assert(
    fc.property(locks, (lock) => {
      const { lock: read, digest } = parseLock(formatLock(lock));
      expect(read).toEqual(JSON.parse(JSON.stringify(lock)));
      expect(digest).toBe(lockDigest(read));
      // Order and spaces of a text are not its content.
      expect(parseLock(JSON.stringify(lock)).digest).toBe(digest);
    }),
  );
});

test('two branches that add different plugins merge without a conflict in any line of the other', () => {
  fc.assert(
    fc.property(locks, locked, locked, (lock, one, other) => {
      const add = (name: string, plugin: typeof one): Lock => ({
        ...lock,
        plugins: { ...lock.plugins, [name]: plugin },
      });
      const ours = formatLock(add('@acme/one', one)).split('\n');
      const theirs = formatLock(add('zebra', other)).split('\n');
      const both = formatLock({
        ...add('@acme/one', one),
        plugins: { ...lock.plugins, '@acme/one': one, zebra: other },
      });
      for (const line of new Set([...ours, ...theirs].map((each) => each.replace(/,$/, '')))) {
        expect(both).toContain(line);
      }
    }),
  );
});

test('a place of a package leads to no other place', () => {
  const lock = (packages: Lock['packages'], plugins: Lock['plugins'] = {}): string =>
    formatLock({ lockVersion: 1, registries: {}, plugins, packages });
  const good = [
    '',
    'node_modules/a',
    'node_modules/@acme/b.c/node_modules/d_e',
    'node_modules/node_modules.js',
  ];
  for (const place of good) expect(() => parseLock(lock({ [place]: {} }))).not.toThrow();
  const bad = ['..', '../a', 'a', 'node_modules/..', 'node_modules/../../.ssh', 'node_modules/a/../b'];
  const worse = [
    '/etc',
    'node_modules/a/b',
    'node_modules/@a',
    'node_modules\\a',
    'node_modules/.bin',
    './a',
  ];
  for (const place of [...bad, ...worse]) {
    expect(() => parseLock(lock({ [place]: {} }))).toThrow(
      expect.objectContaining({
        code: 'VP_LOCK_INVALID',
        message: expect.stringContaining('is no place of'),
      }),
    );
  }
});
