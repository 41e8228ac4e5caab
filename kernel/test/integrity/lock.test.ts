import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLock, indexFile, type Lock, lockFile } from '@vp/contracts/registry';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHealthy, refusalOf } from '../support/healthy.ts';

let installed: ReturnType<typeof createHealthy>;
beforeEach(() => {
  installed = createHealthy();
});
afterEach(() => installed[Symbol.dispose]());

const refusal = (more: Parameters<typeof installed.boot>[0] = {}) => refusalOf(installed, more);

const lockPath = () => join(installed.projectDir, lockFile);
const editLock = (edit: (lock: Lock) => Lock) => writeFileSync(lockPath(), formatLock(edit(installed.lock)));

describe('a lock that cannot be trusted vouches for nothing', () => {
  const text = () => readFileSync(lockPath(), 'utf8');
  const faults: readonly [string, string, RegExp, () => void][] = [
    [
      'conflict markers',
      'VP_LOCK_CONFLICT',
      /^vp\.lock:3: .*<<<<<<< HEAD/,
      () => {
        const lines = text().split('\n');
        writeFileSync(
          lockPath(),
          [
            ...lines.slice(0, 2),
            '<<<<<<< HEAD',
            lines[2],
            '=======',
            '>>>>>>> other',
            ...lines.slice(3),
          ].join('\n'),
        );
      },
    ],
    [
      'no JSON',
      'VP_LOCK_NOT_JSON',
      /^vp\.lock:\d+:\d+ is not JSON/,
      () => writeFileSync(lockPath(), text().replace('"packages":', '"packages"')),
    ],
    [
      'brackets, a hundred thousand deep',
      'VP_LOCK_INVALID',
      /^vp\.lock: the document is nested deeper than any lock/,
      () => writeFileSync(lockPath(), text().replace('{', `{"x": ${'['.repeat(1e5)}${']'.repeat(1e5)},`)),
    ],
    [
      'another version',
      'VP_LOCK_VERSION',
      /lockVersion 2/,
      () => writeFileSync(lockPath(), text().replace('"lockVersion": 1', '"lockVersion": 2')),
    ],
    [
      'a wrong key',
      'VP_LOCK_INVALID',
      /^vp\.lock:\d+:5: \/plugins\/zoo-healthy\/version is missing \(string\), but there is "vresion"/,
      () =>
        writeFileSync(
          lockPath(),
          text().replace(
            '"version": "1.0.0"\n    }\n  },\n  "reg',
            '"vresion": "1.0.0"\n    }\n  },\n  "reg',
          ),
        ),
    ],
    [
      'an edited version',
      'VP_LOCK_DRIFT',
      /not the one that the plugins .* were installed by/,
      () => editLock((lock) => ({ ...lock, packages: {} })),
    ],
    [
      'nothing installed',
      'VP_LOCK_NOT_INSTALLED',
      /\.vp\/plugins\/current/,
      () => rmSync(join(installed.projectDir, '.vp'), { recursive: true }),
    ],
    [
      'no index',
      'VP_LOCK_UNREADABLE',
      /vp-index\.json cannot be read: it is not there/,
      () => rmSync(installed.path(indexFile)),
    ],
    [
      'a broken index',
      'VP_LOCK_UNREADABLE',
      /vp-index\.json cannot be read/,
      () => writeFileSync(installed.path(indexFile), '{"indexVersion":1}'),
    ],
  ];
  test.each(faults)('%s: %s', async (_, code, says, damage) => {
    damage();
    const kernel = await installed.boot();
    const [problem] = kernel.problems();
    expect(problem).toMatchObject({ code, exitCode: 3 });
    expect(problem?.message).toMatch(says);
    expect(problem?.hint).toMatch(/vp plugins install|version of vp/);
    expect(kernel.plugins()[0]).toMatchObject({ state: 'failed', trust: 'unverified' });
    await kernel.stop();
  });

  test.each([
    ['range', { 'zoo-healthy': '^2.0.0' }, /vp\.toml wants zoo-healthy \^2\.0\.0, vp\.lock has 1\.0\.0/],
    [
      'grants',
      { 'zoo-healthy': { version: '1', grants: { env: ['A'] } } },
      /grants zoo-healthy env A, vp\.lock has nothing/,
    ],
    [
      'package',
      { 'zoo-healthy': { version: '1', package: 'zoo-other' } },
      /to be zoo-other, vp\.lock has zoo-healthy/,
    ],
    ['plugin', { '@acme/new': '1' }, /asks for @acme\/new, which vp\.lock does not have/],
  ])('vp.toml wants another %s', async (_, plugins, says) => {
    const kernel = await installed.boot({ plugins });
    expect(kernel.problems()).toMatchObject([{ code: 'VP_LOCK_DRIFT', hint: 'vp plugins install' }]);
    expect(kernel.problems()[0]?.message).toMatch(says);
    await kernel.stop();
  });

  test('a flag grants without a new lock', async () => {
    const set = ['plugins.zoo-healthy.grants.env=["A"]'];
    expect(await refusal({ set })).toBeUndefined();
  });
});
