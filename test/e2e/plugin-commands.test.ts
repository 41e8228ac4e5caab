import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addFixturePlugin } from './lib/fixture-plugin.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let cwd: string;
let mark: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'shop');
  await vp(['init', 'shop'], { cwd: folder.path });
  // `hello` is new; the others would hide, or stand beneath, built-in commands.
  ({ mark } = addFixturePlugin(cwd, {
    name: 'greeter',
    commands: ['hello', 'runs:greet', 'plan', 'run:now', 'runs'],
  }));
});
beforeEach(() => rmSync(mark, { force: true }));
afterAll(() => dispose());

const env = { FIXTURE_TOKEN: 'token-"of the"-fixture' };

test('help, version, completion and lists show what plugins bring and load none of them', async () => {
  const help = await vp(['--help'], { cwd });
  expect(help.stdout).toMatch(/From plugins\n +hello <who> +Greets, says greeter\n +runs greet <who>/);
  const one = await vp(['hello', '--help'], { cwd });
  expect(one.stdout).toMatch(/vp hello <who> \[flags\]/);
  expect(one.stdout).toMatch(/-l, --loud +In capitals/);
  await vp(['--version'], { cwd });
  const completion = await vp(['completion', 'bash'], { cwd });
  expect(completion.stdout).toContain('hello');
  const list = await vp(['plugins', 'list'], { cwd });
  expect(list.stdout).toMatch(/greeter +1\.2\.3 +usable/);
  const plan = await vp(['plan'], { cwd });
  expect(plan.code).toBe(0);
  expect(existsSync(mark)).toBe(false);
});

test('the command of a plugin runs, takes its flags, and prints no secret', async () => {
  const text = await vp(['hello', 'ana', '--loud'], { cwd, env });
  expect(text.code, text.stderr).toBe(0);
  expect(text.stdout).toMatch(/^HELLO ANA, MY TOKEN IS/);
  const plain = await vp(['hello', 'ana'], { cwd, env });
  expect(plain.stdout).toBe('hello ana, my token is [redacted]\n');
  const json = await vpJson(['runs', 'greet', 'ana'], { cwd, env });
  expect(json).toEqual({ code: 0, data: { greeted: 'ana', token: '[redacted]' } });
  expect(existsSync(mark)).toBe(true);
});

test('what it throws names the plugin, and a flag that it has not gets a suggestion', async () => {
  const thrown = await vpJson<{ error: Record<string, unknown> }>(['hello', 'nobody'], { cwd, env });
  expect(thrown.code).not.toBe(0);
  expect(JSON.stringify(thrown.data.error)).toMatch(/there is nobody/);
  const flag = await vp(['hello', 'ana', '--lout'], { cwd, env });
  expect(flag.code).toBe(2);
  expect(flag.stderr).toMatch(/no flag --lout(.|\n)*Did you mean "--loud"\?/);
});

test('a command whose name is taken is refused, both origins named, and the built-in one stays', async () => {
  const help = await vp(['--help'], { cwd });
  for (const name of ['plan', 'run now', 'runs']) {
    expect(help.stderr).toContain(`The command "vp ${name}" is brought by vp itself and by greeter.`);
  }
  const plan = await vpJson(['plan'], { cwd });
  expect(plan).toMatchObject({ code: 0, data: { project: 'shop' } });
  const now = await vpJson(['run', 'now'], { cwd });
  expect(now.data).toMatchObject({ error: { code: 'VP_PROJECT_ASSET_UNKNOWN' } });

  addFixturePlugin(cwd, { name: 'waver', commands: ['hello'] });
  const both = await vpJson(['hello', 'ana'], { cwd, env });
  expect(both).toMatchObject({ code: 3, data: { error: { code: 'VP_CLI_COMMAND_COLLISION' } } });
  expect(JSON.stringify(both.data)).toMatch(/greeter and by waver/);
});
