import { createServiceRef, hooks, type Plan, points } from '@vp/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDeployment, pluginSource } from '../../test/support/deployment.ts';

let deployment: ReturnType<typeof createDeployment>;
let log: string[];
beforeEach(() => {
  deployment = createDeployment();
  log = [];
  Reflect.set(globalThis, 'zooLog', log);
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'zooLog');
  deployment[Symbol.dispose]();
});

const alerters = (...ids: readonly string[]) => ({
  alerters: ids.map((id) => ({ id, contract: 'alerter@1' })),
});
const alerter = (id: string, more = '') =>
  `registrar.contribute(point('alerter'), '${id}', { create: ({ config, deps }) => ({ config, deps, async send() {},
    [Symbol.asyncDispose]: async () => log.push('close ${id}') }), ${more} });`;
const noisy = (name: string) => `log.push('activate ${name}'); onStop(() => log.push('stop ${name}'));`;
const plan: Plan = { id: 'p', createdAt: 0, project: 'test', steps: [] };

/** Three plugins in a row: `c` uses a service of `b`, which uses one of `a`. */
function chain() {
  const install = (name: string, requires: readonly string[], deps: string) =>
    deployment.install({
      name,
      vp: { contributes: alerters(name), provides: [`x.${name}@1`], requires: { services: requires } },
      js: pluginSource({
        register: `${alerter(name, `deps: ${deps}`)}
          registrar.provide(service('x.${name}'), { create: () => ({ name: '${name}',
            [Symbol.dispose]: () => log.push('close service ${name}') }) });`,
        activate: noisy(name),
        deps,
      }),
    });
  return [
    install('c', ['x.b@1'], "{ b: service('x.b') }"),
    install('b', ['x.a@1'], "{ a: service('x.a') }"),
    install('a', [], '{}'),
  ];
}

describe('lifecycle', () => {
  test('a use activates the plugin after those that it depends on; stop is the reverse', async () => {
    const { host } = deployment.host(chain());
    expect(host.plugins().map((each) => [each.name, each.state, each.dependsOn])).toEqual([
      ['c', 'resolved', ['b']],
      ['b', 'resolved', ['a']],
      ['a', 'resolved', []],
    ]);
    const c = await host.instance(points.alerter, 'c');
    expect(c).toMatchObject({ deps: { b: { name: 'b' } } });
    expect(log).toEqual(['activate a', 'activate b', 'activate c']);
    await host.start();
    expect(host.plugins().map((each) => each.state)).toEqual(['started', 'started', 'started']);
    log.length = 0;
    expect(await host.stop()).toEqual([]);
    expect(log).toEqual(['close c', 'stop c', 'close service b', 'stop b', 'close service a', 'stop a']);
    expect(host.plugins().map((each) => each.state)).toEqual(['stopped', 'stopped', 'stopped']);
  });

  test('what is not used is not loaded, and startup plugins are activated by start', async () => {
    const lazy = deployment.install({
      name: 'lazy',
      vp: { contributes: alerters('lazy') },
      js: 'throw new Error("loaded")',
    });
    const eager = deployment.install({
      name: 'eager',
      vp: { activation: 'startup' },
      js: pluginSource({ activate: noisy('eager') }),
    });
    const { host } = deployment.host([lazy, eager]);
    await host.start();
    expect(log).toEqual(['activate eager']);
    expect(host.plugins().map((each) => each.state)).toEqual(['resolved', 'started']);
    await host.stop();
  });

  test('a failed dependency fails its dependents by name, and closes what was begun', async () => {
    const entries = [
      deployment.install({
        name: 'base',
        vp: { provides: ['x.base@1'] },
        js: pluginSource({
          register: "registrar.provide(service('x.base'), { create: () => ({}) });",
          activate: `${noisy('base')} throw new Error('base is broken');`,
        }),
      }),
      deployment.install({
        name: 'user',
        vp: { contributes: alerters('user'), requires: { services: ['x.base@1'] } },
        js: pluginSource({ register: alerter('user') }),
      }),
      deployment.install({
        name: 'tolerant',
        vp: { contributes: alerters('tolerant'), requires: { optionalServices: ['x.base@1'] } },
        js: pluginSource({ register: alerter('tolerant', "deps: { base: service('x.base').optional() }") }),
      }),
    ];
    const { host, events } = deployment.host(entries);
    const error = await host.instance(points.alerter, 'user').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'VP_PLUGIN_DEPENDENCY_FAILED',
      plugin: 'user@1.0.0',
      phase: 'activate',
    });
    expect(String(error)).toMatch(/base@1\.0\.0, which cannot be used: .*base is broken/);
    expect(log).toEqual(['activate base', 'stop base']);
    expect(await host.instance(points.alerter, 'tolerant')).toMatchObject({ deps: {} });
    expect(events).toMatchObject([
      { type: 'plugin.failed', plugin: 'base@1.0.0' },
      { type: 'plugin.failed', plugin: 'user@1.0.0' },
    ]);
  });

  test('a required startup plugin that fails makes start fail; another does not', async () => {
    const broken = {
      vp: { activation: 'startup' },
      js: pluginSource({ activate: 'throw new Error("no");' }),
    };
    const [one, two] = [
      deployment.install({ name: 'one', ...broken }),
      deployment.install({ name: 'two', ...broken }),
    ];
    await deployment.host([one, two]).host.start();
    const { host } = deployment.host([one, { ...two, required: true }]);
    await expect(host.start()).rejects.toMatchObject({
      code: 'VP_PLUGIN_REQUIRED',
      plugin: 'two@1.0.0',
      phase: 'activate',
    });
  });

  test('stop waits for what is under way, closes it, and refuses what comes later', async () => {
    const slow = deployment.install({
      name: 'slow',
      vp: { contributes: alerters('slow') },
      js: pluginSource({
        register: alerter('slow'),
        activate: 'await new Promise((r) => setTimeout(r, 30));',
      }),
    });
    const { host } = deployment.host([slow]);
    const using = host.instance(points.alerter, 'slow');
    expect(await host.stop()).toEqual([]);
    await using;
    expect(log).toEqual(['close slow']);
    await expect(host.instance(points.alerter, 'slow', 'other')).rejects.toMatchObject({
      code: 'VP_PLUGIN_STOPPED',
    });
  });
});

describe('contributions', () => {
  test('one instance for each connection, else one for each id; a failure is tried again', async () => {
    let isDown = true;
    const { host } = deployment.host(deployment.installZoo('healthy'), {
      configure: () => {
        if (isDown) throw new Error('down');
        return {};
      },
    });
    await expect(host.instance(points.alerter, 'healthy')).rejects.toMatchObject({
      code: 'VP_CONTRIBUTION_CREATE_FAILED',
    });
    isDown = false;
    const [one, two, shop] = await Promise.all([
      host.instance(points.alerter, 'healthy'),
      host.instance(points.alerter, 'healthy'),
      host.instance(points.alerter, 'healthy', 'shop'),
    ]);
    expect(one).toBe(two);
    expect(one).not.toBe(shop);
  });

  test('an unknown id is answered with the nearest; the only one is bound; several ask for a binding', () => {
    const entries = deployment.installZoo('healthy', 'alerter-down');
    const { host } = deployment.host(entries);
    expect(() => host.contribution('alerter', 'helthy')).toThrow(/Did you mean "healthy"\?/);
    expect(() => host.bound('alerter')).toThrow(
      expect.objectContaining({
        code: 'VP_BINDING_AMBIGUOUS',
        hint: 'In vp.toml: [bindings] alerter = "alerter-down"',
      }),
    );
    expect(deployment.host(entries, { binding: () => 'healthy' }).host.bound('alerter')).toBe('healthy');
    expect(deployment.host(entries.slice(0, 1)).host.bound('alerter')).toBe('healthy');
    expect(() => host.bound('store')).toThrow(
      expect.objectContaining({ code: 'VP_CONTRIBUTION_NONE', exitCode: 3 }),
    );
  });

  test('a schema in a file of its own is read from the package when somebody looks', () => {
    const schema = { type: 'object', properties: { url: { type: 'string' } } };
    const entry = deployment.install({
      name: 'hooked',
      vp: {
        contributes: { alerters: [{ id: 'hooked', contract: 'alerter@1', config: './dist/config.json' }] },
      },
      files: { 'dist/config.json': JSON.stringify(schema) },
    });
    const { host } = deployment.host([entry]);
    expect(host.contribution('alerter', 'hooked').manifest.config).toEqual(schema);
  });

  test('points of plugins take contributions of others', async () => {
    const entries = [
      deployment.install({ name: 'server', vp: { points: [{ id: 'routes', major: 2, description: 'd' }] } }),
      deployment.install({
        name: 'metrics',
        vp: { contributes: { extensions: [{ id: 'metrics', contract: 'routes@2' }] } },
        js: pluginSource({
          register:
            "registrar.contribute({ ...point('routes'), major: 2, contract: 'routes@2' }, 'metrics', { create: () => ({ path: '/metrics' }) });",
        }),
      }),
    ];
    const { host } = deployment.host(entries);
    expect(host.problems()).toEqual([]);
    const point = { ...points.alerter, id: 'routes', major: 2, contract: 'routes@2' };
    expect(await host.instance(point, 'metrics')).toMatchObject({ path: '/metrics' });
  });
});

describe('versions', () => {
  test('two majors of one plugin under aliases', async () => {
    const source = (version: string) => ({
      name: '@vp/pg',
      version,
      vp: { contributes: alerters('pg') },
      js: pluginSource({ register: alerter('pg') }),
    });
    deployment.install({ ...source('2.0.0'), folder: '@vp/pg' });
    deployment.install({ ...source('1.0.0'), folder: 'pg-old' });
    const { host } = deployment.host([
      { name: '@vp/pg', range: '^2.0.0' },
      { name: 'pg-old', package: '@vp/pg', range: '^1.0.0' },
    ]);
    expect(host.problems()).toEqual([]);
    expect(host.plugins()[1]).toMatchObject({
      name: 'pg-old',
      alias: 'pg-old',
      package: '@vp/pg',
      version: '1.0.0',
    });
    expect(host.contributions('alerter').map(({ id, plugin }) => [id, plugin])).toEqual([
      ['pg', '@vp/pg'],
      ['pg-old:pg', 'pg-old'],
    ]);
    expect(await host.instance(points.alerter, 'pg')).not.toBe(
      await host.instance(points.alerter, 'pg-old:pg'),
    );
    await host.stop();
  });

  test('an installed version outside the range of vp.toml, and a plugin that is not installed', () => {
    const [healthy] = deployment.installZoo('healthy');
    const { host } = deployment.host([
      { name: 'zoo-healthy', ...healthy, range: '^2.0.0' },
      { name: 'zoo-helthy' },
    ]);
    const [conflict, missing] = host.problems();
    expect(conflict).toMatchObject({
      code: 'VP_PLUGIN_CONFLICT',
      plugin: 'zoo-healthy@1.0.0',
      phase: 'resolve',
    });
    expect(conflict?.message).toBe(
      'These do not go together: vp.toml wants zoo-healthy ^2.0.0; zoo-healthy is there as 1.0.0.',
    );
    expect(missing).toMatchObject({
      code: 'VP_PLUGIN_NOT_INSTALLED',
      phase: 'discover',
      hint: 'Correct the name under [plugins] in vp.toml.',
    });
    expect(missing?.message).toMatch(/Did you mean "zoo-healthy"\?/);

    deployment.install({ name: '@acme/tally', vp: {} });
    const [unscoped, unknown] = deployment.host([{ name: 'tally' }, { name: 'pigeons' }]).host.problems();
    expect(unscoped?.message).toMatch(/Did you mean "@acme\/tally"\?/);
    expect(unscoped?.hint).not.toContain('install');
    expect(unknown?.hint).toBe('vp plugins install pigeons');
  });
});

test('the first call of a hook activates those who tap it, in the order of their dependencies', async () => {
  const tap = (name: string) =>
    `registrar.tap(hook('plan.built', 'waterfall'), () => { log.push('tap ${name}'); });`;
  const entries = [
    deployment.install({
      name: 'a-user',
      vp: { hooks: ['plan.built@1'], requires: { services: ['x.z@1'] } },
      js: pluginSource({ register: tap('a-user'), activate: noisy('a-user') }),
    }),
    deployment.install({
      name: 'z-base',
      vp: { hooks: ['plan.built@1'], provides: ['x.z@1'] },
      js: pluginSource({
        register: `${tap('z-base')} registrar.provide(service('x.z'), { create: () => ({}) });`,
        activate: noisy('z-base'),
      }),
    }),
    ...deployment.installZoo('throws-in-activate'),
  ];
  const { host } = deployment.host(entries);
  expect(await host.call(hooks.planBuilt, plan)).toBe(plan);
  expect(log).toEqual(['activate z-base', 'activate a-user', 'tap z-base', 'tap a-user']);
  await host.stop();
  log.length = 0;
  await host.call(hooks.planBuilt, plan);
  expect(log).toEqual([]);
});

test('a service of a plugin is made when the kernel asks for it', async () => {
  const { host } = deployment.host(chain());
  const ref = createServiceRef<{ readonly name: string }>({ id: 'x.a', major: 1, scope: 'root' });
  expect((await host.service(ref)).name).toBe('a');
  expect(log).toEqual(['activate a']);
  await host.stop();
});
