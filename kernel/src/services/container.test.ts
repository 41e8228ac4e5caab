import {
  createServiceRef,
  describeThrown,
  isVpError,
  type ServiceRef,
  type ServiceScope,
} from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { Services } from './container.ts';
import { DisposalStack } from './disposal-stack.ts';
import { bindingOf } from './registry.ts';
import type { AnyServiceFactory } from './service-record.ts';

const ref = <T = unknown>(id: string, scope: ServiceScope = 'root'): ServiceRef<T> =>
  createServiceRef<T>({ id, major: 1, scope });

async function failure(work: () => unknown) {
  try {
    await work();
  } catch (error) {
    if (isVpError(error)) return error;
    throw new Error(`no VpError: ${describeThrown(error)}`);
  }
  throw new Error('nothing was thrown');
}

/** A service whose factory is known later, as those of plugins are. */
function promise(services: Services, own: ServiceRef<unknown>, factory: AnyServiceFactory, owner: string) {
  services.declare({ key: own.key, owner, load: async () => bindingOf(own, factory, owner) });
}

const plugin = (services: Services, name: string, declared?: readonly string[]) =>
  services.plugin({
    plugin: name,
    disposals: new DisposalStack(name),
    ...(declared === undefined ? {} : { declared: new Set(declared) }),
  });

describe('scopes', () => {
  test('root: one for all; plugin: one for each plugin; run: one for each run, whoever asks', async () => {
    const services = new Services();
    let made = 0;
    for (const scope of ['root', 'plugin', 'run'] as const) {
      services.provide('k', ref(`x.${scope}`, scope), { create: () => ({ number: made++ }) });
    }
    const a = plugin(services, 'a');
    const b = plugin(services, 'b');
    expect(await a.get(ref('x.root'))).toBe(await b.get(ref('x.root')));
    expect(await a.get(ref('x.plugin', 'plugin'))).toBe(await a.get(ref('x.plugin', 'plugin')));
    expect(await a.get(ref('x.plugin', 'plugin'))).not.toBe(await b.get(ref('x.plugin', 'plugin')));
    const [one, two] = [services.run('1'), services.run('2')];
    expect(await one.as('a').get(ref('x.run', 'run'))).toBe(await one.as('b').get(ref('x.run', 'run')));
    expect(await one.as('a').get(ref('x.run', 'run'))).not.toBe(await two.as('a').get(ref('x.run', 'run')));
    expect(await one.as('a').get(ref('x.plugin', 'plugin'))).toBe(await a.get(ref('x.plugin', 'plugin')));
  });

  test('a service of scope run is asked for outside a run in vain', async () => {
    const services = new Services();
    services.provide('k', ref('x.run', 'run'), { create: () => ({}) });
    expect(await failure(() => plugin(services, 'a').get(ref('x.run', 'run')))).toMatchObject({
      code: 'VP_SERVICE_SCOPE',
    });
  });

  test('a dependency that lives shorter is refused when it is registered', async () => {
    const services = new Services();
    const deps = { log: ref('x.log', 'plugin') };
    const error = await failure(() => services.provide('acme', ref('x.cache'), { deps, create: () => ({}) }));
    expect(error).toMatchObject({ code: 'VP_SERVICE_SCOPE', plugin: 'acme', phase: 'register' });
    expect(error.message).toBe(
      'x.cache@1 of scope root needs x.log@1 of scope plugin, which does not live as long.',
    );
  });

  test('a ref whose scope is not that of the service is refused', async () => {
    const services = new Services();
    services.provide('k', ref('x.log', 'plugin'), { create: () => ({}) });
    services.provide('k', ref('x.user', 'plugin'), { deps: { log: ref('x.log') }, create: () => ({}) });
    const error = await failure(() => plugin(services, 'a').get(ref('x.user', 'plugin')));
    expect(error).toMatchObject({ code: 'VP_SERVICE_SCOPE_MISMATCH' });
  });
});

describe('what a plugin may ask for', () => {
  test('only what its manifest names, with a did-you-mean', async () => {
    const services = new Services();
    services.provide('k', ref('vp.clock'), { create: () => 'tick' });
    const a = plugin(services, 'a', ['vp.clock@1']);
    expect(await a.get(ref('vp.clock'))).toBe('tick');
    const error = await failure(() => a.get(ref('vp.clocks')));
    expect(error).toMatchObject({ code: 'VP_SERVICE_NOT_DECLARED', plugin: 'a' });
    expect(error.message).toContain('Did you mean "vp.clock@1"?');
  });

  test("its factories' own dependencies are not its business", async () => {
    const services = new Services();
    services.provide('k', ref('x.inner'), { create: () => 'inner' });
    services.provide('k', ref('x.outer'), {
      deps: { inner: ref('x.inner') },
      create: (deps: { inner: string }) => `outer ${deps.inner}`,
    });
    expect(await plugin(services, 'a', ['x.outer@1']).get(ref('x.outer'))).toBe('outer inner');
  });

  test('an optional ref gives undefined when nobody provides it, or when who does is broken', async () => {
    const services = new Services();
    services.declare({
      key: 'x.broken@1',
      owner: 'b',
      isAvailable: () => false,
      load: () => Promise.reject(new Error('broken')),
    });
    expect(await services.root.get(ref('x.none').optional())).toBeUndefined();
    expect(await services.root.get(ref('x.broken').optional())).toBeUndefined();
    expect(await failure(() => services.root.get(ref('x.none')))).toMatchObject({
      code: 'VP_SERVICE_MISSING',
    });
  });
});

describe('registration', () => {
  test('a duplicate names both owners', async () => {
    const services = new Services();
    services.provide('a', ref('x.y'), { create: () => 1 });
    const error = await failure(() => services.provide('b', ref('x.y'), { create: () => 2 }));
    expect(error).toMatchObject({ code: 'VP_SERVICE_DUPLICATE', plugin: 'b' });
    expect(error.message).toMatch(/by a and again by b/);
  });

  test('after the first plugin has a container the root is sealed', async () => {
    const services = new Services();
    plugin(services, 'a');
    expect(await failure(() => services.provide('b', ref('x.y'), { create: () => 1 }))).toMatchObject({
      code: 'VP_SERVICE_SEALED',
    });
  });

  test('a circle is refused with its path, also when all of it is asked for at once', async () => {
    const services = new Services();
    const [a, b, c] = [ref('a'), ref('b'), ref('c')];
    promise(services, a, { deps: { b }, create: () => 1 }, 'pa');
    promise(services, b, { deps: { c }, create: () => 1 }, 'pb');
    promise(services, c, { deps: { a }, create: () => 1 }, 'pc');
    const errors = await Promise.all([a, b, c].map((each) => failure(() => services.root.get(each))));
    for (const error of errors) expect(error.code).toBe('VP_SERVICE_CYCLE');
    expect(errors[0]?.message).toMatch(
      /c@1 -> a@1 -> b@1 -> c@1|a@1 -> b@1 -> c@1 -> a@1|b@1 -> c@1 -> a@1 -> b@1/,
    );
    expect(errors[0]?.message).toMatch(/pa/);
  });
});

describe('factories', () => {
  test('an async one runs once for everybody who waits', async () => {
    const services = new Services();
    let calls = 0;
    const create = async () => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { calls };
    };
    services.provide('k', ref('x.y'), { create });
    const [one, two] = await Promise.all([services.root.get(ref('x.y')), services.root.get(ref('x.y'))]);
    expect(one).toBe(two);
    expect(calls).toBe(1);
  });

  test('a failure names plugin and service, and is tried again', async () => {
    const services = new Services();
    let calls = 0;
    const create = () => {
      if (calls++ === 0) throw 'down';
      return 'up';
    };
    services.provide('acme', ref('x.y'), { create });
    const error = await failure(() => services.root.get(ref('x.y')));
    expect(error).toMatchObject({
      code: 'VP_SERVICE_FACTORY_FAILED',
      plugin: 'acme',
      phase: 'service x.y@1',
    });
    expect(await services.root.get(ref('x.y'))).toBe('up');
  });
});

describe('disposal', () => {
  test('all of it, last made first, errors and hangs collected', async () => {
    const log: string[] = [];
    const services = new Services();
    const closing = (name: string, dispose: () => unknown) => ({
      [Symbol.asyncDispose]: async () => {
        log.push(name);
        await dispose();
      },
    });
    services.provide('k', ref('a'), { create: () => closing('a', () => {}) });
    services.provide('k', ref('b'), {
      deps: { a: ref('a') },
      create: () => closing('b', () => Promise.reject('no')),
    });
    services.provide('k', ref('c'), {
      deps: { b: ref('b') },
      create: () => closing('c', () => new Promise(() => {})),
    });
    services.provide('k', ref('d'), {
      deps: { c: ref('c') },
      create: () => ({ [Symbol.dispose]: () => log.push('d') }),
    });
    await services.root.get(ref('d'));
    const problems = await services.dispose(20);
    expect(log).toEqual(['d', 'c', 'b', 'a']);
    expect(problems.map((problem) => problem.code)).toEqual(['VP_DISPOSE_TIMEOUT', 'VP_DISPOSE_FAILED']);
    expect(problems[0]?.message).toMatch(/service c@1 did not close within 20 ms/);
    expect(await services.dispose(20)).toEqual([]);
  });

  test('a run closes what it made and leaves the rest', async () => {
    const log: string[] = [];
    const services = new Services();
    const make = (name: string) => ({ create: () => ({ [Symbol.dispose]: () => log.push(name) }) });
    services.provide('k', ref('root'), make('root'));
    services.provide('k', ref('run', 'run'), { ...make('run'), deps: { root: ref('root') } });
    const run = services.run('1');
    await run.as('k').get(ref('run', 'run'));
    await run.dispose(20);
    expect(log).toEqual(['run']);
    await services.dispose(20);
    expect(log).toEqual(['run', 'root']);
  });

  test('what comes after the end is closed at once, and its failure is heard', async () => {
    const stack = new DisposalStack('acme');
    const heard: string[] = [];
    stack.onLate = (error) => heard.push(error.code);
    await stack.unwind(20);
    let closed = 0;
    stack.push('late', () => closed++);
    stack.push('broken', () => Promise.reject(new Error('no')));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(closed).toBe(1);
    expect(heard).toEqual(['VP_DISPOSE_FAILED']);
  });
});
