import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssetSpec, type PipelineSpec, points, type VpEvent } from '@vp/contracts';
import { configLayers, createKernel, type Kernel, resolveConfig, writeCrashDump } from '@vp/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';

const plugins = ['duckdb', 'metadata-sqlite', 'executor-local', 'transform-ts', 'auth-env', 'alerts-webhook'];
const secret = 'pa$s "w0rd"/+%20';
let projectDir: string;
let kernel: Kernel;
let events: VpEvent[];

beforeEach(async () => {
  projectDir = await mkdtemp(join(tmpdir(), 'vp-secrets-'));
});
afterEach(async () => {
  await kernel.stop();
  await rm(projectDir, { recursive: true });
});

async function boot(grants: unknown = 'all'): Promise<void> {
  await writeFile(join(projectDir, '.env'), `HOOK_KEY='${secret}'\n`, { mode: 0o600 });
  const names = plugins.map((name) => `@vp/${name}`);
  const directories = names.map((name, index) => [
    name,
    join(import.meta.dirname, '../plugins', plugins[index] ?? ''),
  ]);
  const values = {
    project: { name: 'shop' },
    plugins: Object.fromEntries(
      names.map((name) => [
        name,
        { version: '^1.0.0', ...(name === '@vp/alerts-webhook' ? { grants } : { grants: 'all' }) },
      ]),
    ),
    alerter: {
      webhook: {
        url: 'http://127.0.0.1:9/x',
        headers: { Authorization: 'secret://env/HOOK_KEY' },
        retries: 0,
      },
    },
  };
  const file = { values, where: () => ({ text: 'vp.toml:1:1', file: 'vp.toml', line: 1, column: 1 }) };
  const config = resolveConfig({ layers: configLayers({ file }) });
  kernel = await createKernel({ projectDir, config, pluginDirectories: Object.fromEntries(directories) });
  events = [];
  kernel.events.subscribe((event) => events.push(event));
}

/** How the secret might look in what is printed or kept. */
const forms = [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
];

function expectNoSecret(text: string): void {
  for (const form of forms) expect(text).not.toContain(form);
}

async function stateFiles(): Promise<string> {
  const entries = await readdir(join(projectDir, '.vp'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join(
    '\n',
  );
}

test('a secret that a failing step shouts out is in no event, record, dump or file of the state', async () => {
  await boot();
  const leak: AssetSpec = {
    $$type: '@vp/asset',
    version: 'v1',
    name: 'leak',
    inputs: [],
    compute: {
      kind: 'transform',
      use: 'ts',
      options: {},
      code: {
        mode: 'task',
        fn: (_: unknown, ctx: { logger: { warn(message: string, fields: object): void } }) => {
          ctx.logger.warn(`login with ${secret}`, { url: `http://u:${encodeURIComponent(secret)}@h` });
          throw new Error(`401 for ${forms.join(' ')}`);
        },
      },
    },
    materialize: 'none',
    checks: [],
    codeVersion: '1',
  };
  const pipeline: PipelineSpec = { $$type: '@vp/pipeline', version: 'v1', assets: [leak], publish: [] };
  const summary = await kernel.run({ plan: await kernel.plan({ pipeline }), pipeline });
  expect(summary.run.status).toBe('failed');
  expect(events.some((event) => event.type === 'log')).toBe(true);
  expectNoSecret(JSON.stringify(events));
  expectNoSecret(JSON.stringify(kernel.redactor.json(summary)));
  const error = new Error(`crash ${secret}`, { cause: summary });
  const folder = join(kernel.paths.state, 'tmp');
  writeCrashDump({ folder, redactor: kernel.redactor, error, events });
  const kept = await stateFiles();
  expect(kept).toContain('[redacted]');
  expectNoSecret(kept);
});

test('a plugin whose wishes are not granted is not loaded, and others are', async () => {
  await boot({ network: ['*'] });
  await expect(kernel.host.instance(points.alerter, 'webhook')).rejects.toMatchObject({
    code: 'VP_PERMISSION_NOT_GRANTED',
    hint: expect.stringContaining('secrets = ["config.url","config.headers","config.signing_key"]'),
  });
  expect(await kernel.host.instance(points.auth, 'env')).toBeDefined();
});
