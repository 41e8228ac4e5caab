import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, vp } from './lib/vp.ts';

const root = dirname(dirname(import.meta.dirname));
let cwd: string;
let shop: string;
let plugin: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  ({ path: cwd, dispose } = folder);
  shop = join(cwd, 'shop');
  plugin = join(cwd, 'acme-weather');
  for (const args of [
    ['init', 'shop'],
    ['plugins', 'new', 'acme-weather', '--kind', 'source'],
  ]) {
    const { code, stderr } = await vp(args, { cwd });
    expect(code, stderr).toBe(0);
  }
  if (!existsSync(join(plugin, 'node_modules')))
    symlinkSync(join(root, 'node_modules'), join(plugin, 'node_modules'));
});
afterAll(() => dispose());

test('a plugin is linked, built, loaded and proved, and the project is as before', {
  timeout: 60_000,
}, async () => {
  const toml = readFileSync(join(shop, 'vp.toml'), 'utf8');
  const { code, stdout, stderr } = await vp(['plugins', 'dev', '../acme-weather', '--once'], { cwd: shop });
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain('acme-weather is linked from ../acme-weather, and added to vp.toml.');
  expect(stdout).toMatch(/ok {2}built .* loaded .* (\d+) of \1 laws hold/);
  expect(readFileSync(join(shop, 'vp.toml'), 'utf8')).toBe(toml);
  expect(existsSync(join(shop, '.vp/plugins/dev.json'))).toBe(false);
});

test('kept, it is used from its folder, and nobody vouches for it', { timeout: 60_000 }, async () => {
  const kept = await vp(['plugins', 'dev', '../acme-weather', '--once', '--keep'], { cwd: shop });
  expect(kept.code, kept.stderr).toBe(0);
  const { stdout } = await vp(['plugins', 'list', '--json'], { cwd: shop });
  const found = JSON.parse(stdout).find(({ name }: { readonly name: string }) => name === 'acme-weather');
  expect(found).toMatchObject({ directory: plugin, trust: 'unverified' });
  await vp(['plugins', 'dev', '../acme-weather', '--once'], { cwd: shop });
  expect(existsSync(join(shop, '.vp/plugins/dev.json'))).toBe(false);
});

test('each save is tried; what is wrong is told at its place; Ctrl-C takes the link away', {
  timeout: 90_000,
}, async () => {
  const file = join(plugin, 'src/plugin.ts');
  const good = readFileSync(file, 'utf8');
  const args = [join(root, 'cli/bin/vp.js'), 'plugins', 'dev', '../acme-weather'];
  const child = spawn(process.execPath, args, { cwd: shop, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = collect(child);
  try {
    await said(/ok {2}built/);
    writeFileSync(file, `${good}\nconst broken: number = 'x';\n`);
    await said(/no {2}the build fails[\s\S]*src\/plugin\.ts:\d+:7 TS2322/);
    writeFileSync(
      file,
      good.replace(
        /register\((\w+)\) \{/,
        'register($1) {\n    if (Date.now() > 0) throw new Error("not today");',
      ),
    );
    await said(/no {2}built [\s\S]*VP_PLUGIN_REGISTER_FAILED[\s\S]*not today/);
    writeFileSync(file, good);
    await said(/ok {2}built[\s\S]*ok {2}built/);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    await ended;
    await said(/acme-weather is linked no more/);
    expect(existsSync(join(shop, '.vp/plugins/dev.json'))).toBe(false);
  } finally {
    child.kill('SIGKILL');
    writeFileSync(file, good);
  }
});

test('a folder that is no plugin is refused, and nothing is linked', async () => {
  const { code, stderr } = await vp(['plugins', 'dev', '../shop'], { cwd: shop });
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/VP_/);
  expect(existsSync(join(shop, '.vp/plugins/dev.json'))).toBe(false);
});

/** Waits until what a process has said so far looks like the pattern. */
function collect(child: ChildProcess): (pattern: RegExp) => Promise<void> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  return async (pattern) => {
    for (let tries = 0; !pattern.test(text); tries++) {
      if (tries > 300) throw new Error(`It never said ${pattern}: ${text}`);
      await pause(100);
    }
  };
}
