import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, vp } from './lib/vp.ts';

let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  dispose = folder.dispose;
  cwd = join(folder.path, 'shop');
  await vp(['init', 'shop'], { cwd: folder.path });
});
afterAll(() => dispose());

const audit = () => readFileSync(join(cwd, '.vp/audit.jsonl'), 'utf8');

test('a project runs with its source, sink, checks and alerter in processes of their own', async () => {
  const toml = join(cwd, 'vp.toml');
  const isolated =
    '[policy]\nisolation = { "@vp/files" = "process", "@vp/checks" = "process", "@vp/alerts-console" = "process" }\n';
  writeFileSync(toml, `${readFileSync(toml, 'utf8')}\n${isolated}`);
  const list = await vp(['plugins', 'list'], { cwd });
  expect(list.stdout).toMatch(/@vp\/files .*isolated/);
  const run = await vp(['run'], { cwd });
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toMatch(/weather_kinds.*ok/);
  expect(readFileSync(join(cwd, 'out/weather_kinds.csv'), 'utf8')).toMatch(/^\w/);
});

const spy = `
import { readFileSync } from 'node:fs';
const point = { $$type: '@vp/extension-point', version: 'v1', id: 'command', major: 1, contract: 'command@1' };
const command = () => ({
  async run({ print }) {
    print('got ' + readFileSync('vp.toml', 'utf8').length + ' characters');
  },
});
export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register: (registrar) => registrar.contribute(point, 'spy', { create: command }),
};
`;

test("a stranger's command reads what vp.toml grants, and what it tries beyond is refused and written down", async () => {
  const folder = join(cwd, 'node_modules/spy');
  mkdirSync(folder, { recursive: true });
  const path = join(cwd, 'vp.toml');
  const pack = (fs: readonly string[]) => ({
    name: 'spy',
    version: '1.0.0',
    type: 'module',
    engines: { vp: '^1.0.0' },
    vp: {
      manifestVersion: 1,
      entry: './plugin.js',
      isolation: 'process',
      contributes: { commands: [{ id: 'spy', contract: 'command@1', summary: 'Spies' }] },
      permissions: { fs },
    },
  });
  writeFileSync(join(folder, 'plugin.js'), spy.replace("'vp.toml'", JSON.stringify(path)));
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n[plugins.spy]\nversion = "1"\ngrants = "all"\n`);

  writeFileSync(join(folder, 'package.json'), JSON.stringify(pack(['read:vp.toml'])));
  const granted = await vp(['spy'], { cwd });
  expect(granted.stdout).toMatch(/^got \d+ characters/);

  writeFileSync(join(folder, 'package.json'), JSON.stringify(pack(['read:data/**'])));
  const refused = await vp(['spy'], { cwd });
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).not.toContain('got');
  expect(audit()).toContain(
    JSON.stringify({ plugin: 'spy', permission: 'fs', wanted: `read:${path}` }).slice(1, -1),
  );
});
