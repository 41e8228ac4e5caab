import { describe, expect, test } from 'vitest';
import { closureOf, findFrom, packagesFor, reachable } from './places.ts';
import { fitsPlatform } from './platform.ts';

const packages = {
  'node_modules/a': { version: '1.0.0', dependencies: { b: '*', c: '*' } },
  'node_modules/a/node_modules/c': { version: '2.0.0', dependencies: { b: '*' } },
  'node_modules/b': { version: '1.0.0', optionalDependencies: { 'b-linux': '*', 'b-aix': '*' } },
  'node_modules/b-linux': { version: '1.0.0', optional: true, os: ['linux'] },
  'node_modules/b-aix': { version: '1.0.0', optional: true, os: ['aix'], dependencies: { d: '*' } },
  'node_modules/c': { version: '1.0.0' },
  'node_modules/d': { version: '1.0.0', optional: true },
};

test('a package is found as Node.js looks for it, from within outward', () => {
  expect(findFrom(packages, 'node_modules/a', 'c')).toBe('node_modules/a/node_modules/c');
  expect(findFrom(packages, 'node_modules/a/node_modules/c', 'b')).toBe('node_modules/b');
  expect(findFrom(packages, 'node_modules/b', 'c')).toBe('node_modules/c');
  expect(findFrom(packages, 'node_modules/b', 'nothing')).toBeUndefined();
});

test('what a package may load is its whole closure, and what nobody needs falls away', () => {
  expect(closureOf(packages, 'node_modules/c')).toEqual([]);
  expect(closureOf(packages, 'node_modules/a')).toContain('node_modules/d');
  expect(Object.keys(reachable(packages, ['node_modules/b']))).not.toContain('node_modules/c');
});

test('optional packages of other platforms stay out, with what only those need', () => {
  const here = packagesFor(packages, ['node_modules/a'], { os: 'linux', cpu: 'x64', libc: 'glibc' });
  expect(Object.keys(here)).toEqual([
    'node_modules/a',
    'node_modules/a/node_modules/c',
    'node_modules/b',
    'node_modules/b-linux',
  ]);
});

describe("npm's rule for platforms", () => {
  const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };
  test.each([
    [{}, true],
    [{ os: ['linux', 'darwin'] }, true],
    [{ os: ['!win32'] }, true],
    [{ os: ['!linux'] }, false],
    [{ cpu: 'arm64' }, false],
    [{ libc: ['musl'] }, false],
    [{ os: ['linux'], cpu: ['x64'], libc: ['glibc'] }, true],
  ])('%j: %s', (wants, fits) => {
    expect(fitsPlatform(wants, linux)).toBe(fits);
  });
});
