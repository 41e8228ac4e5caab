import { existsSync } from 'node:fs';
import { createServiceRef, points, services } from '@vp/contracts';
import { expect, test } from 'vitest';
import { configType } from '../config/config-type.ts';
import { definePlugin } from '../define-plugin.ts';
import { provider } from '../provider.ts';
import { fakeClock } from './fake-clock.ts';
import { testContext } from './test-context.ts';
import { createTestKernel } from './test-kernel.ts';
import { testServiceFactory } from './test-service-factory.ts';

const seconds = provider(points.alerter, {
  deps: { clock: services.clock, logger: services.logger },
  config: configType<{ readonly prefix: string }>(),
  create: ({ config, deps }) => ({
    async send(alerts) {
      await deps.clock.sleep(1000);
      deps.logger.warn(`${config.prefix}${alerts.length} at ${deps.clock.now()}`);
    },
  }),
});

const clockPlugin = {
  definition: definePlugin({
    register: (registrar) => registrar.contribute(points.alerter, 'seconds', seconds),
  }),
  manifest: {
    contributes: {
      alerters: [
        {
          id: 'seconds',
          contract: 'alerter@1',
          config: { type: 'object', properties: { prefix: { type: 'string' } }, additionalProperties: false },
        },
      ],
    },
    requires: { services: ['vp.clock@1', 'vp.logger@1'] },
  },
};

test('an inline plugin runs in a real kernel, by its configuration and the given clock', async () => {
  const clock = fakeClock({ now: 5000 });
  let folder = '';
  {
    await using kernel = await createTestKernel({
      plugins: [clockPlugin],
      config: { alerter: { seconds: { prefix: 'sent ' } } },
      clock,
    });
    folder = kernel.projectDir;
    expect(kernel.problems()).toEqual([]);
    const sent = (await kernel.instance(points.alerter, 'seconds')).send([], testContext());
    await clock.advance(1000);
    await sent;
    expect(kernel.seen).toContainEqual(
      expect.objectContaining({
        type: 'log',
        plugin: expect.stringMatching(/^test-plugin-1/),
        message: 'sent 0 at 6000',
      }),
    );
  }
  expect(existsSync(folder)).toBe(false);
});

test('what the manifest does not say is refused, as it would be in a deployment', async () => {
  await using kernel = await createTestKernel({ plugins: [{ definition: clockPlugin.definition }] });
  await expect(kernel.activate('test-plugin-1')).rejects.toMatchObject({ code: 'VP_PLUGIN_UNDECLARED' });
});

test('a service is made from its deps and disposed', async () => {
  const clock = fakeClock();
  const log: string[] = [];
  const deps = { clock: createServiceRef<typeof clock>({ id: 'vp.clock', major: 1, scope: 'root' }) };
  {
    await using made = await testServiceFactory(
      {
        deps,
        create: (given) => ({
          at: given.clock.now(),
          async [Symbol.asyncDispose]() {
            log.push('gone');
          },
        }),
      },
      { clock },
    );
    expect(made.service.at).toBe(clock.now());
  }
  expect(log).toEqual(['gone']);
});
