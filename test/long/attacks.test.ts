import { rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFixtureRegistry } from '../../installer/test/lib/fixture-registry.ts';
import { type AttackSite, createAttackSite, lockOf, ok, read } from '../e2e/lib/attack-site.ts';
import { vp, vpJson } from '../e2e/lib/vp.ts';

let site: AttackSite;
beforeAll(async () => {
  site = await createAttackSite();
}, 60_000);
afterAll(() => site?.dispose());

test('installs and runs at one time: all are there afterwards, and every run saw one whole set', async () => {
  const cwd = site.copyOfProject();
  const keys = ['one', 'two', 'three'];
  const [installs, runs] = await Promise.all([
    Promise.all(
      keys.map((key) => vp(['plugins', 'install', `${key}=@acme/weather@1.0.0`, '--yes'], { cwd })),
    ),
    Promise.all([1, 2, 3].map(() => vp(['forecast'], { cwd }))),
  ]);
  for (const result of [...installs, ...runs]) ok(result);
  expect(Object.keys(lockOf(cwd).plugins)).toEqual(['@acme/weather', ...keys].sort());
  ok(await vp(['plugins', 'verify'], { cwd }));
}, 60_000);

describe.concurrent('kill -9', () => {
  const points = ['staged', 'before-journal', 'journal', 'lock-written', 'toml-written', 'current-swapped'];
  const commands: Readonly<Record<string, readonly string[]>> = {
    remove: ['plugins', 'remove', '@acme/weather'],
    upgrade: ['plugins', 'upgrade', '--yes'],
    rollback: ['plugins', 'rollback'],
  };
  let start: string;
  beforeAll(async () => {
    start = site.copyOfProject();
    const spare = `print('spare')`;
    await site.publishCommand('@acme/spare', '1.0.0', 'spare', spare);
    ok(await vp(['plugins', 'install', '@acme/spare', '--yes'], { cwd: start }));
    await site.publishCommand('@acme/spare', '1.0.1', 'spare', spare);
  });

  test.each(
    Object.entries(commands).flatMap(([name, args]) => points.map((at) => [name, at, args] as const)),
  )(
    'of %s at %s leaves the old set, or the new one',
    async (name, at, args) => {
      // Going back stages nothing.
      if (name === 'rollback' && at === 'staged') return;
      const cwd = site.copyOfProject(start);
      const before = read(cwd, 'vp.lock');
      expect((await vp(args, { cwd, env: { VP_TEST_CRASH_AT: at } })).code).toBeNull();
      const list = await vpJson<readonly { readonly trust: string }[]>(['plugins', 'list'], { cwd });
      expect(list.data.map(({ trust }) => trust)).toEqual(list.data.map(() => 'verified'));
      expect(read(cwd, 'vp.lock') === before).toBe(['staged', 'before-journal'].includes(at));
      ok(await vp(['plugins', 'verify'], { cwd }));
      rmSync(cwd, { recursive: true });
    },
    60_000,
  );
});

describe.concurrent('no command hangs on a registry that', () => {
  const commands = [
    ['plugins', 'install', '@acme/good', '--yes'],
    ['plugins', 'info', '@acme/good'],
    ['plugins', 'search', 'good'],
    ['plugins', 'install', '@acme/weather@^1.0.1', '--yes'],
    ['plugins', 'outdated'],
    ['plugins', 'upgrade', '--yes'],
    ['plugins', 'refresh'],
  ];
  const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
    'takes the question and says nothing': () => {},
    'sends a byte now and then': (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 500);
      response.on('close', () => clearInterval(drip));
    },
    'promises ten gigabytes and sends a bracket': (response) => {
      response.writeHead(200, { 'content-length': String(10 * 2 ** 30) });
      response.write('{');
    },
  };
  test.each(Object.entries(answers))(
    '%s',
    async (_, answer) => {
      await using registry = await startFixtureRegistry();
      registry.answer = (_request, response) => {
        answer(response);
        return true;
      };
      const cwd = site.copyOfProject();
      writeFileSync(join(cwd, '.npmrc'), `registry=${registry.url}\ncache=${join(site.root, 'cache')}\n`);
      const before = read(cwd, 'vp.lock');
      await Promise.all(
        commands.map(async (args) => {
          // Longer than anybody waits; a command that hangs is killed, and has no exit code.
          const late = new AbortController();
          const { code, stderr } = await vp(args, {
            cwd,
            onStart: (kill) => {
              const timer = setTimeout(() => kill('SIGKILL'), 75_000);
              late.signal.addEventListener('abort', () => clearTimeout(timer));
            },
          });
          late.abort();
          expect(code, args.join(' ')).not.toBeNull();
          expect(code, stderr).not.toBe(70);
        }),
      );
      expect(read(cwd, 'vp.lock')).toBe(before);
      ok(await vp(['forecast'], { cwd }));
    },
    120_000,
  );
});
