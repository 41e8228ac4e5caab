import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary, VpErrorJson } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectDecent, expectNoStack } from './lib/faults.ts';
import { temporaryFolder, vp, vpJson } from './lib/vp.ts';

let folder: string;
let dispose: () => Promise<void>;

beforeAll(async () => {
  ({ path: folder, dispose } = await temporaryFolder());
});
afterAll(() => dispose());

/** A project of one file of orders, a query over it, and a published file. */
async function project(name: string, checks: string): Promise<string> {
  await vp(['init', name], { cwd: folder });
  const cwd = join(folder, name);
  orders(cwd, [1, 2, 3]);
  writeFileSync(
    join(cwd, 'pipeline.ts'),
    `import { asset, check, pipeline, publish, sink, source, sql } from 'vibepiper';
export const orders = asset('orders', {
  source: source('files', { path: 'data/orders.csv' }),
  checks: [${checks}],
});
export const total = asset('total', { sql: sql\`select sum(amount)::bigint as total from \${orders}\` });
export default pipeline({ assets: [orders, total], publish: [publish(total, sink('csv', { path: 'out/total.csv' }))] });
`,
  );
  return cwd;
}

const orders = (cwd: string, amounts: readonly number[]) =>
  writeFileSync(
    join(cwd, 'data/orders.csv'),
    `id,amount\n${amounts.map((n, i) => `${i + 1},${n}\n`).join('')}`,
  );

const total = async (cwd: string) => ({
  asset: (
    await vpJson<{ rows: readonly { n: number }[] }>(
      ['query', 'select count(*) n, sum(amount)::int s from orders'],
      { cwd },
    )
  ).data.rows[0],
  file: readFileSync(join(cwd, 'out/total.csv'), 'utf8'),
});

test('a check that fails with severity error keeps the data of before; with warn it lets the new in', async () => {
  const cwd = await project('checked', "check.between('amount', { max: 100 })");
  expect(await vp(['run'], { cwd })).toMatchObject({ code: 0 });
  orders(cwd, [1, 2, 3, 500]);
  const failed = await vpJson<RunSummary>(['run'], { cwd });
  expect(failed.code).toBe(1);
  expect(failed.data.results.map(({ stepId, status }) => `${stepId} ${status}`)).toEqual([
    'orders failed',
    'total blocked',
    'publish:total->csv blocked',
  ]);
  const [first] = failed.data.results;
  expect(first?.error).toMatchObject({ code: 'VP_CHECKS_FAILED', at: { file: 'pipeline.ts' } });
  expect(first?.checks).toMatchObject([{ status: 'failed', failures: 1, sample: [{ amount: '500' }] }]);
  expect(await total(cwd)).toEqual({ asset: { n: 3, s: 6 }, file: 'total\n6\n' });

  const file = join(cwd, 'pipeline.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('{ max: 100 })', '{ max: 100 }).warn()'));
  const warned = await vpJson<RunSummary>(['run', '--from-failed'], { cwd });
  expect(warned.code).toBe(0);
  expect(warned.data.results.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(warned.data.results[0]?.checks).toMatchObject([{ status: 'failed', severity: 'warn' }]);
  expect(await total(cwd)).toEqual({ asset: { n: 4, s: 506 }, file: 'total\n506\n' });
});

test('a check that cannot be evaluated is no pass', async () => {
  const cwd = await project('unevaluated', "check.notNull('amuont')");
  const answer = await vpJson<RunSummary>(['run'], { cwd });
  expect(answer.code).toBe(3);
  const [first] = answer.data.results;
  expect(first).toMatchObject({ status: 'failed', error: { code: 'VP_CHECKS_NOT_EVALUATED' } });
  expect(JSON.stringify(first)).toMatch(/Did you mean \\"amount\\"/);
});

/** As `npm install @vp/alerts-webhook` would. */
function installWebhook(cwd: string): void {
  symlinkSync(
    join(import.meta.dirname, '../../plugins/alerts-webhook'),
    join(cwd, 'node_modules/@vp/alerts-webhook'),
  );
}

const secret = 'hunter2/pa$s "w0rd"';
const forms = [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
];

function expectNoSecret(text: string, where: string): void {
  for (const form of forms) expect(text.includes(form), `${where} shows the secret`).toBe(false);
}

test('an alerter that is down fails no run; its secret is in no output, log, dump or file of the state', async () => {
  const cwd = await project('alerted', "check.between('amount', { max: 1 }).warn()");
  const toml = join(cwd, 'vp.toml');
  writeFileSync(
    toml,
    `${readFileSync(toml, 'utf8')}
[plugins."@vp/alerts-webhook"]
version = "^1.0.0"
grants = "all"
[alerter.webhook]
url = "http://127.0.0.1:9/hook"
retries = 0
headers = { Authorization = "secret://env/HOOK_TOKEN" }
[[alerts]]
severity = ["warn", "error"]
to = ["webhook"]
`,
  );
  installWebhook(cwd);
  const env = { HOOK_TOKEN: secret };
  const pipeline = join(cwd, 'pipeline.ts');
  const good = readFileSync(pipeline, 'utf8');
  const passed = await vp(['run'], { cwd, env });
  expect(passed.code, passed.stderr).toBe(0);
  const logs = await vp(['runs', 'logs', 'latest'], { cwd, env });
  expect(logs.stdout).toMatch(/alert\.failed.*webhook/);

  // Code of the user that shouts out what it finds in the environment.
  writeFileSync(
    pipeline,
    good
      .replace(
        'export default',
        `export const leak = asset('leak', { inputs: { orders }, task: async (_, ctx) => {
  // A secret is known from its first use on: the alert about orders.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const token = process.env.HOOK_TOKEN ?? '';
  ctx.logger.warn('token ' + token, { token, url: 'http://u:' + encodeURIComponent(token) + '@h' });
  throw new Error('401 for ' + token + ' ' + Buffer.from(token).toString('base64') + ' ' + JSON.stringify(token));
} });
export default`,
      )
      .replace('assets: [', 'assets: [leak, '),
  );
  const failed = await vp(['run', '--force'], { cwd, env });
  expect(failed.code, failed.stderr).toBe(1);
  expect(failed.stdout).toContain('401 for');
  const outputs = await Promise.all(
    [
      ['run', '--force', '--json'],
      ['runs', 'logs', 'latest'],
      ['runs', 'show', 'latest', '--json'],
      ['config', 'get', '--json'],
      ['config', 'explain', 'alerter.webhook.headers'],
      ['doctor'],
      ['plan', '--why'],
    ].map(async (args) => ({ args, ...(await vp(args, { cwd, env })) })),
  );
  for (const { args, stdout, stderr } of [{ args: ['run'], ...failed }, ...outputs]) {
    expectNoSecret(stdout + stderr, args.join(' '));
  }
  const state = join(cwd, '.vp');
  const files = readdirSync(state, { recursive: true, encoding: 'utf8' })
    .map((name) => join(state, name))
    .filter((path) => statSync(path).isFile());
  expect(files.some((path) => path.endsWith('metadata.db'))).toBe(true);
  for (const path of files) expectNoSecret(readFileSync(path, 'latin1'), path);
});

test('a secret that is missing is said by name and place, without a stack', async () => {
  const cwd = await project('secretless', 'check.rowCount({ min: 100 }).warn()');
  const toml = join(cwd, 'vp.toml');
  writeFileSync(
    toml,
    `${readFileSync(toml, 'utf8')}
[plugins."@vp/alerts-webhook"]
version = "^1.0.0"
grants = "all"
[alerter.webhook]
url = "secret://env/NO_SUCH_HOOK"
[[alerts]]
to = ["webhook"]
`,
  );
  installWebhook(cwd);
  const ran = await vp(['run'], { cwd });
  expectNoStack(ran.stdout + ran.stderr);
  expect(ran.stderr + (await vp(['runs', 'logs', 'latest'], { cwd })).stdout).toMatch(/NO_SUCH_HOOK/);
});

test('what is not JSON, not SQL and not there is told as what it is by query and show', async () => {
  const cwd = await project('asked', '');
  await vp(['run'], { cwd });
  for (const [args, code] of [
    [['query', 'select amuont from orders'], 'VP_DUCKDB_COLUMN_UNKNOWN'],
    [['query', 'select * from ordres'], 'VP_DUCKDB_TABLE_UNKNOWN'],
    [['query', 'selekt 1'], 'VP_DUCKDB_SQL_SYNTAX'],
    [['query', 'delete from orders'], 'VP_DUCKDB_NOT_A_QUERY'],
    [['query', "select * from read_csv('/etc/passwd')"], 'VP_DUCKDB_ACCESS_DENIED'],
    [['show', 'orders', '--partition', '2001'], ''],
  ] as const) {
    const answer = await vpJson<{ readonly error: VpErrorJson }>(args, { cwd });
    expect(answer.code, args.join(' ')).toBe(2);
    expectDecent(answer.data.error, 'anywhere');
    if (code !== '') expect(answer.data.error.code).toBe(code);
  }
});
