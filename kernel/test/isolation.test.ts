import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Isolate,
  type IsolateRequest,
  isVpError,
  type PluginDefinition,
  points,
  type VpEvent,
} from '@vp/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInstalled } from './support/installed.ts';
import { functionAsset, pipelineOf } from './support/project.ts';

let installed: ReturnType<typeof createInstalled>;
beforeEach(() => {
  installed = createInstalled({
    zoo: ['isolation-alerter'],
    packages: { 'node_modules/dep': { version: '2.0.0', files: {} } },
    closure: ['node_modules/dep'],
    grants: 'all',
  });
});
afterEach(() => installed[Symbol.dispose]());

const name = 'zoo-isolation-alerter';
const id = 'isolation-alerter';
const grants = 'all';

/** Stands in for a process: remembers what it was asked for. */
function recorder() {
  const requests: IsolateRequest[] = [];
  const isolate: Isolate = async (request) => {
    requests.push(request);
    const definition: PluginDefinition = {
      $$type: '@vp/plugin',
      version: 'v1',
      register: (registrar) =>
        registrar.contribute(points.alerter, id, { create: () => ({ send: async () => {} }) }),
    };
    return definition;
  };
  return { requests, isolate: async () => isolate };
}

const use = (kernel: Awaited<ReturnType<typeof installed.boot>>) =>
  kernel.host.instance(points.alerter, id).then(
    () => undefined,
    (error: unknown) => (isVpError(error) ? error : Promise.reject(error)),
  );

test('a plugin that asks for a process of its own gets one, with what it was granted and nothing else', async () => {
  const { requests, isolate } = recorder();
  const kernel = await installed.boot({
    plugins: { [name]: { version: '1', grants, limits: { memory_mb: 64 } } },
    isolate,
    more: { alerter: { [id]: { host: 'hooks.acme.dev', key: 'secret://env/KEY' } } },
  });
  expect(kernel.plugins()[0]).toMatchObject({ isolation: 'process', trust: 'verified', state: 'resolved' });
  expect(requests).toEqual([]);
  await kernel.activate(name);
  expect(requests).toHaveLength(1);
  const [request] = requests;
  expect(request).toMatchObject({
    plugin: name,
    directory: join(installed.generation, 'node_modules', name),
    readable: [join(installed.generation, 'node_modules/dep')],
    permissions: {
      network: ['hooks.acme.dev:443'],
      secrets: ['config.key'],
      fs: ['write:.vp/cache/**'],
      env: ['TZ'],
    },
    limits: { memoryMb: 64, unresponsiveMs: 5_000, startMs: 10_000 },
  });

  const events: VpEvent[] = [];
  kernel.events.subscribe((event) => events.push(event));
  for (let i = 0; i < 3; i++) request?.denied({ permission: 'network', wanted: 'evil.example:443' });
  const denied = { plugin: name, permission: 'network', wanted: 'evil.example:443' };
  expect(events).toMatchObject([{ type: 'permission.denied', ...denied }]);
  const audit = readFileSync(join(installed.projectDir, '.vp/audit.jsonl'), 'utf8').trimEnd().split('\n');
  expect(audit.map((line) => JSON.parse(line))).toMatchObject([denied]);
  await kernel.stop();
});

test('without something to start a process with it is refused, never run in this one', async () => {
  const kernel = await installed.boot({ plugins: { [name]: { version: '1', grants } } });
  expect(kernel.problems()).toMatchObject([{ code: 'VP_ISOLATION_UNAVAILABLE', exitCode: 3 }]);
  expect((await use(kernel))?.code).toBe('VP_ISOLATION_UNAVAILABLE');
  await kernel.stop();
});

describe('policy goes before vp.toml, and that before the manifest', () => {
  test.each([
    ['in-process', {}, 'in-process'],
    [undefined, { isolation: { 'zoo-*': 'in-process' } }, 'in-process'],
    ['in-process', { isolation: { '*': 'in-process', 'zoo-*': 'process' } }, 'process'],
    ['process', { isolation: { '*': 'process', 'zoo-*': 'in-process' } }, 'in-process'],
    ['process', { isolation: { '@acme/*': 'in-process' } }, 'process'],
  ] as const)('vp.toml %s, policy %j: %s', async (isolation, policy, expected) => {
    const { isolate } = recorder();
    const entry = { version: '1', grants, ...(isolation === undefined ? {} : { isolation }) };
    const kernel = await installed.boot({ plugins: { [name]: entry }, policy, isolate });
    expect(kernel.plugins()[0]?.isolation).toBe(expected);
    await kernel.stop();
  });
});

test.each([
  ['engine', /its manifest says: engine isolation-engine cannot/],
  ['services', /service zoo\.shared@1, use of service zoo\.shared@1 cannot/],
  ['hooks', /taps of plan\.built@1 cannot/],
  ['foreign', /routes isolation-foreign, extension point routes cannot/],
])('what cannot be used across a process is refused by the manifest: %s', async (kind, says) => {
  using other = createInstalled({ zoo: [`isolation-${kind}`] });
  const { requests, isolate } = recorder();
  const kernel = await other.boot({ isolate });
  expect(kernel.problems()).toMatchObject([{ code: 'VP_ISOLATION_UNSUPPORTED', phase: 'verify' }]);
  expect(kernel.problems()[0]?.message).toMatch(says);
  expect(requests).toEqual([]);
  await kernel.stop();
});

test('code of the pipeline is not handed to an isolated transform: the check says so, options pass', async () => {
  using other = createInstalled({ zoo: ['isolation-transform'] });
  const kernel = await other.boot({ isolate: recorder().isolate });
  const asset = functionAsset('scored', [], () => 1);
  const { compute, ...rest } = asset;
  if (compute.kind !== 'transform') throw new Error('no transform');
  const use = 'isolation-transform';
  const withCode = pipelineOf([{ ...rest, compute: { ...compute, use } }]);
  const withOptions = pipelineOf([{ ...rest, compute: { kind: 'transform', use, options: {} } }]);
  expect(() => kernel.check(withCode)).toThrow(expect.objectContaining({ code: 'VP_ASSET_CODE_ISOLATED' }));
  expect(() => kernel.check(withOptions)).not.toThrow(
    expect.objectContaining({ code: 'VP_ASSET_CODE_ISOLATED' }),
  );
  await kernel.stop();
});

test('a plugin of no lock may read what Node would find for its dependencies, and nothing of others', async () => {
  const modules = join(installed.projectDir, 'node_modules');
  const put = (path: string, pack: object) => {
    mkdirSync(join(modules, path), { recursive: true });
    writeFileSync(join(modules, path, 'package.json'), JSON.stringify(pack));
  };
  cpSync(join(import.meta.dirname, 'zoo/isolation-alerter'), join(modules, name), { recursive: true });
  put('dep', { name: 'dep', version: '2.0.0', dependencies: { inner: '1', loop: '1' } });
  put('dep/node_modules/inner', { name: 'inner', version: '1.0.0' });
  put('inner', { name: 'inner', version: '9.0.0' });
  put('loop', { name: 'loop', version: '1.0.0', dependencies: { dep: '2' } });
  put('stranger', { name: 'stranger', version: '1.0.0' });
  const { requests, isolate } = recorder();
  installed.removeLock();
  const kernel = await installed.boot({ plugins: { [name]: { version: '1', grants } }, isolate });
  await kernel.activate(name);
  const found = requests[0]?.readable.map((folder) => folder.slice(modules.length + 1));
  expect(found?.toSorted()).toEqual(['dep', 'dep/node_modules/inner', 'loop']);
  expect(requests[0]?.permissions.network).toEqual([]);
  await kernel.stop();
});
