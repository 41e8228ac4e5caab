import {
  describeThrown,
  exitCodes,
  hooks,
  isVpError,
  type Plan,
  points,
  services,
  VpError,
} from '@vp/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Services } from '../src/services/index.ts';
import { createDeployment } from './support/deployment.ts';

let deployment: ReturnType<typeof createDeployment>;
beforeEach(() => {
  deployment = createDeployment();
});
afterEach(() => deployment[Symbol.dispose]());

interface Case {
  readonly name: string;
  readonly also?: readonly string[];
  readonly code: string;
  readonly phase: string;
  readonly exit: number;
  /** Must stand in the message. */
  readonly says: readonly RegExp[];
  readonly pointer?: string;
}

const { plugin: pluginExit, config: configExit } = exitCodes;

const refusedByManifest: readonly Case[] = [
  {
    name: 'contract-unmet',
    code: 'VP_PLUGIN_CONTRACT',
    phase: 'verify',
    exit: pluginExit,
    says: [/alerter@9/, /alerter@1/],
    pointer: '/vp/contributes/alerters/0/contract',
  },
  {
    name: 'contract-unknown',
    code: 'VP_PLUGIN_CONTRACT',
    phase: 'resolve',
    exit: pluginExit,
    says: [/routes@1/, /no version of it/],
  },
  {
    name: 'contract-under-wrong-key',
    code: 'VP_PLUGIN_CONTRACT_KEY',
    phase: 'verify',
    exit: pluginExit,
    says: [/"stores"/, /alerter@1/],
  },
  {
    name: 'engine-unmet',
    code: 'VP_PLUGIN_ENGINE',
    phase: 'verify',
    exit: pluginExit,
    says: [/wants vp \^9\.0\.0; this is vp 1\.0\.0/],
  },
  {
    name: 'engine-open',
    code: 'VP_PLUGIN_ENGINE_OPEN',
    phase: 'verify',
    exit: pluginExit,
    says: [/>=1\.0\.0/],
  },
  {
    name: 'node-unmet',
    code: 'VP_PLUGIN_ENGINE',
    phase: 'verify',
    exit: pluginExit,
    says: [/wants node >=99/],
  },
  {
    name: 'service-missing',
    code: 'VP_SERVICE_MISSING',
    phase: 'resolve',
    exit: configExit,
    says: [/vp\.cloc@1/, /Did you mean "vp\.clock@1"\?/],
    pointer: '/vp/requires/services/0',
  },
  {
    name: 'service-cycle-a',
    also: ['service-cycle-b'],
    code: 'VP_SERVICE_CYCLE',
    phase: 'resolve',
    exit: pluginExit,
    says: [/zoo\.a@1 -> zoo\.b@1 -> zoo\.a@1/, /zoo-service-cycle-b@1\.0\.0/],
  },
  {
    name: 'plugin-missing',
    code: 'VP_PLUGIN_CONFLICT',
    phase: 'resolve',
    exit: configExit,
    says: [/wants zoo-heathy \^1\.0\.0/, /not among the plugins in use/],
  },
  {
    name: 'plugin-conflict',
    code: 'VP_PLUGIN_CONFLICT',
    phase: 'resolve',
    exit: configExit,
    says: [/zoo-plugin-conflict 1\.0\.0 wants zoo-healthy \^2\.0\.0/, /zoo-healthy is there as 1\.0\.0/],
  },
  {
    name: 'plugin-cycle-a',
    also: ['plugin-cycle-b'],
    code: 'VP_PLUGIN_CYCLE',
    phase: 'resolve',
    exit: pluginExit,
    says: [/zoo-plugin-cycle-a@1\.0\.0 -> zoo-plugin-cycle-b@1\.0\.0 -> zoo-plugin-cycle-a@1\.0\.0/],
  },
  {
    name: 'duplicate-id',
    code: 'VP_CONTRIBUTION_DUPLICATE',
    phase: 'resolve',
    exit: configExit,
    says: [
      /zoo-healthy[/]package\.json#[/]vp[/]contributes[/]alerters[/]0/,
      /zoo-duplicate-id[/]package\.json#/,
    ],
  },
  {
    name: 'commonjs',
    code: 'VP_PLUGIN_NOT_ESM',
    phase: 'verify',
    exit: pluginExit,
    says: [/"type": "module"/],
  },
  {
    name: 'missing-entry',
    code: 'VP_PLUGIN_ENTRY_MISSING',
    phase: 'verify',
    exit: pluginExit,
    says: [/\.[/]dist[/]plugin\.js/],
  },
  {
    name: 'manifest-not-json',
    code: 'VP_MANIFEST_NOT_JSON',
    phase: 'discover',
    exit: pluginExit,
    says: [/package\.json:4:33 is not JSON/],
  },
  {
    name: 'manifest-wrong-type',
    code: 'VP_MANIFEST_INVALID',
    phase: 'discover',
    exit: pluginExit,
    says: [/expected array/],
    pointer: '/vp/contributes/alerters',
  },
  {
    name: 'manifest-unknown-key',
    code: 'VP_MANIFEST_UNKNOWN_KEY',
    phase: 'discover',
    exit: pluginExit,
    says: [/Did you mean "config"\?/],
    pointer: '/vp/contributes/alerters/0/confgi',
  },
  {
    name: 'no-manifest',
    code: 'VP_MANIFEST_NO_PLUGIN',
    phase: 'discover',
    exit: configExit,
    says: [/no "vp" field/],
  },
];

const refusedAtUse: readonly Case[] = [
  {
    name: 'hangs-in-activate',
    code: 'VP_PLUGIN_ACTIVATE_TIMEOUT',
    phase: 'activate',
    exit: pluginExit,
    says: [/within 100 ms/],
  },
  {
    name: 'hangs-in-import',
    code: 'VP_PLUGIN_LOAD_TIMEOUT',
    phase: 'load',
    exit: pluginExit,
    says: [/plugin\.js/],
  },
  {
    name: 'throws-in-import',
    code: 'VP_PLUGIN_LOAD_FAILED',
    phase: 'load',
    exit: pluginExit,
    says: [/a-package-that-nobody-has/],
  },
  {
    name: 'throws-in-register',
    code: 'VP_PLUGIN_REGISTER_FAILED',
    phase: 'register',
    exit: pluginExit,
    says: [/no luck today/],
  },
  {
    name: 'throws-in-activate',
    code: 'VP_PLUGIN_ACTIVATE_FAILED',
    phase: 'activate',
    exit: pluginExit,
    says: [/activate is broken/],
  },
  {
    name: 'throws-no-error',
    code: 'VP_PLUGIN_ACTIVATE_FAILED',
    phase: 'activate',
    exit: pluginExit,
    says: [/without an Error/],
  },
  {
    name: 'registers-late',
    code: 'VP_PLUGIN_REGISTER_ASYNC',
    phase: 'register',
    exit: pluginExit,
    says: [/must be synchronous/],
  },
  {
    name: 'undeclared',
    code: 'VP_PLUGIN_UNDECLARED',
    phase: 'register',
    exit: pluginExit,
    says: [/undeclraed/, /Did you mean "alerter@1[/]undeclared"\?/],
  },
  {
    name: 'unfilled',
    code: 'VP_PLUGIN_UNFILLED',
    phase: 'register',
    exit: pluginExit,
    says: [/service zoo\.unfilled@1, a tap of plan\.built@1/],
  },
  {
    name: 'uses-undeclared-service',
    code: 'VP_SERVICE_NOT_DECLARED',
    phase: 'register',
    exit: pluginExit,
    says: [/vp\.clocks@1/, /Did you mean "vp\.clock@1"\?/],
  },
  {
    name: 'no-definition',
    code: 'VP_PLUGIN_NO_DEFINITION',
    phase: 'load',
    exit: pluginExit,
    says: [/without the brand/],
  },
  {
    name: 'schema-missing',
    code: 'VP_MANIFEST_SCHEMA_FILE',
    phase: 'configure',
    exit: pluginExit,
    says: [/config\.schema\.json/],
  },
  {
    name: 'create-throws',
    code: 'VP_CONTRIBUTION_CREATE_FAILED',
    phase: 'create alerter create-throws',
    exit: pluginExit,
    says: [/just a text/],
  },
  {
    name: 'create-garbage',
    code: 'VP_CONTRIBUTION_GARBAGE',
    phase: 'create alerter create-garbage',
    exit: pluginExit,
    says: [/number/],
  },
];

function kernelServices() {
  const kernel = new Services();
  kernel.provide('the kernel', services.clock, { create: () => ({}) });
  return kernel;
}

function expectError(error: unknown, expected: Case) {
  if (!isVpError(error)) throw new Error(`no VpError but ${describeThrown(error)}`);
  expect(error).toMatchObject({ code: expected.code, phase: expected.phase, exitCode: expected.exit });
  expect(error.plugin).toContain(`zoo-${expected.name}`);
  expect(error.hint).toMatch(/\w/);
  for (const text of expected.says) expect(error.message).toMatch(text);
  expect(error.message).not.toMatch(/\n {4}at /);
  if (expected.pointer !== undefined) expect(error.at?.pointer).toBe(expected.pointer);
}

describe('a broken plugin is refused by its manifest, and its neighbour works', () => {
  test.each(refusedByManifest)('$name: $code', async (expected) => {
    const entries = deployment.installZoo('healthy', expected.name, ...(expected.also ?? []));
    const { host, events } = deployment.host(entries, { services: kernelServices() });
    const info = host.plugins()[1];
    expect(info?.state).toBe('failed');
    expectError(info?.error, expected);
    expect(host.problems()).toContain(info?.error);
    expect(events).toContainEqual(expect.objectContaining({ type: 'plugin.failed' }));
    const healthy = await host.instance(points.alerter, 'healthy');
    await healthy.send([], {} as never);
    expect(await host.stop()).toEqual([]);
  });
});

describe('a plugin that breaks when it is used fails that use only', () => {
  test.each(refusedAtUse)('$name: $code', async (expected) => {
    const entries = deployment.installZoo('healthy', expected.name);
    const { host } = deployment.host(entries, { services: kernelServices() });
    expect(host.problems()).toEqual([]);
    const id = host.contributions('alerter').find((c) => c.plugin === `zoo-${expected.name}`)?.id ?? '';
    const thrown = await host.instance(points.alerter, id).catch((error: unknown) => error);
    expectError(thrown, expected);
    const state = /^(create|configure)/.test(expected.phase) ? 'activated' : 'failed';
    expect(host.plugins()[1]?.state).toBe(state);
    const again = await host.instance(points.alerter, id).catch((error: unknown) => error);
    expectError(again, expected);
    await host.instance(points.alerter, 'healthy');
    expect(await host.stop()).toEqual([]);
  });
});

test('a permission that is not granted makes its plugin unavailable', () => {
  const entries = deployment.installZoo('healthy', 'permission-not-granted');
  const refusal = new VpError({ code: 'VP_TEST_REFUSED', class: 'config', message: 'Not granted.' });
  const { host } = deployment.host(entries, {
    permissions: ({ manifest }) => (manifest.permissions === undefined ? undefined : refusal),
  });
  expect(host.plugins().map((plugin) => plugin.state)).toEqual(['resolved', 'failed']);
});

test('a plugin that hangs in stop is given up, and the others are stopped', async () => {
  const { host } = deployment.host(deployment.installZoo('healthy', 'hangs-in-stop'));
  await host.instance(points.alerter, 'hangs-in-stop');
  await host.instance(points.alerter, 'healthy');
  const problems = await host.stop();
  expect(problems.map((error) => [error.code, error.plugin, error.phase])).toEqual([
    ['VP_DISPOSE_TIMEOUT', 'zoo-hangs-in-stop', 'stop'],
  ]);
  expect(host.plugins().map((plugin) => plugin.state)).toEqual(['stopped', 'stopped']);
});

test('two copies of the SDK and a hidden package.json work', async () => {
  const entries = deployment.installZoo('sdk-copy-two', 'sdk-copy-one', 'exports-hide-package-json');
  const { host } = deployment.host(entries);
  expect(host.problems()).toEqual([]);
  const two = await host.instance(points.alerter, 'sdk-copy-two');
  expect(two).toMatchObject({ greeting: 'hello' });
  const refused = await two.send([], {} as never).catch((error: unknown) => error);
  expect(isVpError(refused) && refused.class).toBe('transient');
  await host.instance(points.alerter, 'exports-hide-package-json');
});

test.each([
  ['hook-throws', 'VP_HOOK_TAP_FAILED', /this plan is ugly/],
  ['hook-hangs', 'VP_HOOK_TAP_TIMEOUT', /within 30 ms/],
])('%s names plugin and hook', async (name, code, says) => {
  const { host } = deployment.host(deployment.installZoo('healthy', name));
  const plan: Plan = { id: 'p', createdAt: 0, project: 'zoo', steps: [] };
  const error = await host.call(hooks.planBuilt, plan).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, plugin: `zoo-${name}`, phase: 'hook plan.built@1' });
  expect(isVpError(error) && error.message).toMatch(says);
});

test('a required plugin takes the kernel down, by name', () => {
  const [healthy, broken] = deployment.installZoo('healthy', 'engine-unmet');
  expect(() =>
    deployment.host([
      { ...healthy, name: 'zoo-healthy' },
      { ...broken, name: 'zoo-engine-unmet', required: true },
    ]),
  ).toThrow(
    expect.objectContaining({
      code: 'VP_PLUGIN_REQUIRED',
      plugin: 'zoo-engine-unmet@1.0.0',
      exitCode: configExit,
    }),
  );
});
