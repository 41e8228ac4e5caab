import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from './lib/vp.ts';

const cli = join(import.meta.dirname, '../../cli');
/** The machine's own Node, where there is one and it is too old. */
const old = ['/usr/bin/node', '/usr/local/bin/node'].filter(existsSync).find((node) => {
  const version = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout;
  return Number(version.split('.')[0]) < 24;
});

let folder: string;
let dispose: () => Promise<void>;
beforeAll(async () => {
  ({ path: folder, dispose } = await temporaryFolder());
  for (const part of ['bin', 'package.json'])
    cpSync(join(cli, part), join(folder, part), { recursive: true });
});
afterAll(() => dispose());

const run = (bin: string, args: readonly string[]) =>
  spawnSync(old ?? 'node', [bin, ...args], { cwd: folder, encoding: 'utf8' });

test.skipIf(old === undefined)('an old Node starts the newer one that the packages bring', () => {
  expect(run(join(cli, 'bin/vp.js'), ['--version'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^vp \d/),
  });
  expect(run(join(cli, 'bin/vp.js'), ['rnu'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('"run"'),
  });
});

test.skipIf(old === undefined)('where there is none, it says what to install', () => {
  const text = run(join(folder, 'bin/vp.js'), ['plan']);
  expect(text).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error VP_NODE_TOO_OLD\n.*24\.15.*\nnext {2}Install/),
  });
  const json = run(join(folder, 'bin/vp.js'), ['plan', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    error: { code: 'VP_NODE_TOO_OLD', hint: expect.stringContaining('npm install') },
  });
});
