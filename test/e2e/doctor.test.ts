import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let folder: string;
let cwd: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  ({ path: folder, dispose } = await temporaryFolder());
  cwd = join(folder, 'shop');
  await vp(['init', 'shop'], { cwd: folder });
  cpSync(join(cwd, 'vp.toml'), join(folder, 'vp.toml'));
  const alerts = join(cwd, 'node_modules/@vp/alerts-webhook');
  if (!existsSync(alerts)) symlinkSync(join(import.meta.dirname, '../../plugins/alerts-webhook'), alerts);
});
afterEach(() => cpSync(join(folder, 'vp.toml'), join(cwd, 'vp.toml')));
afterAll(() => dispose());

const append = (text: string) =>
  writeFileSync(join(cwd, 'vp.toml'), `${readFileSync(join(cwd, 'vp.toml'))}\n${text}`);

const webhook =
  '[plugins."@vp/alerts-webhook"]\nversion = "*"\ngrants = "all"\n[[alerts]]\nto = ["webhook"]\n';

interface Report {
  readonly ok: boolean;
  readonly findings: readonly { readonly what: string; readonly status: string; readonly code?: string }[];
}

async function doctor(env: Readonly<Record<string, string>> = {}) {
  const { code, data } = await vpJson<Report>(['doctor'], { cwd, env });
  const troubles = data.findings.filter(({ status }) => status !== 'ok');
  return { code, data, troubles: troubles.map(({ what, code: error }) => `${what} ${error ?? ''}`.trim()) };
}

test('a new project is well, and the doctor says of each thing that it looked', async () => {
  const { code, data, troubles } = await doctor();
  expect([code, data.ok, troubles]).toEqual([0, true, []]);
  expect(data.findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['executor local', 'ports']));
});

test('a section for what takes no configuration: the doctor finds it, and nothing is planned', async () => {
  append('[source.files]\nx = 1\n');
  expect(await doctor()).toMatchObject({ code: 3, troubles: ['deployment VP_CONFIG_NOT_CONFIGURABLE'] });
  const plan = await vp(['plan'], { cwd });
  expect([plan.code, plan.stderr]).toEqual([3, expect.stringContaining('VP_CONFIG_NOT_CONFIGURABLE')]);
});

test('a secret that an alerter needs and nobody has', async () => {
  append(`${webhook}[alerter.webhook]\nurl = "secret://env/ALERT_URL"\n`);
  expect(await doctor()).toMatchObject({ code: 3, troubles: ['alerter webhook VP_SECRET_NOT_FOUND'] });
  expect((await doctor({ ALERT_URL: 'http://127.0.0.1:1/' })).troubles).not.toContain(
    'alerter webhook VP_SECRET_NOT_FOUND',
  );
});

test('a secret that is written out is warned of, and shown nowhere', async () => {
  append(`${webhook}[alerter.webhook]\nurl = "http://127.0.0.1:1/"\nsigning_key = "abcdefgh12345"\n`);
  expect((await doctor()).troubles).toContain('deployment VP_SECRET_LITERAL');
  const plan = await vp(['plan'], { cwd });
  expect(plan.stderr.split('alerter.webhook.signing_key (').length - 1).toBe(1);
  for (const words of [
    ['config', 'get'],
    ['config', 'get', 'alerter'],
    ['config', 'get', 'alerter', '--json'],
    ['config', 'get', 'alerter.webhook.signing_key'],
    ['config', 'explain', 'alerter.webhook'],
    ['config', 'explain', 'alerter.webhook.signing_key', '--json'],
  ]) {
    const { code, stdout, stderr } = await vp(words, { cwd });
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('[hidden]')]);
    expect(stdout + stderr).not.toContain('abcdefgh12345');
  }
});

test('every environment is looked at, whichever is in use', async () => {
  append('[env.prod.engine.duckdb]\nthraeds = 1\n');
  expect(await doctor()).toMatchObject({ code: 3, troubles: ['environment prod VP_CONFIG_UNKNOWN_KEY'] });
});
