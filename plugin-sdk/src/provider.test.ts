import { points, services } from '@vp/contracts';
import { expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { configType } from './config/config-type.ts';
import { provider } from './provider.ts';
import { collectingLogger, type LogLine } from './testing/test-context.ts';

test('config, deps and instance are inferred, and the schema’s output is what create gets', async () => {
  const config = z.object({ retries: z.coerce.number().default(3), prefix: z.string() });
  const shout = provider(points.alerter, {
    deps: { logger: services.logger },
    config,
    create: ({ config, deps }) => {
      expectTypeOf(config).toEqualTypeOf<{ retries: number; prefix: string }>();
      return {
        send: async (alerts) => deps.logger.warn(`${config.prefix}${alerts.length} ${config.retries}`),
      };
    },
  });
  const lines: LogLine[] = [];
  const context = { config: { retries: 3, prefix: 'n: ' }, deps: { logger: collectingLogger(lines, {}) } };
  const alerter = await shout.create(context);
  const { signal } = new AbortController();
  await alerter.send([], { signal, logger: context.deps.logger, progress: () => {} });
  expect(lines).toMatchObject([{ level: 'warn', message: 'n: 0 3' }]);
});

test('a configuration that the schema refuses is a VpError with every problem by its path', async () => {
  const quiet = provider(points.alerter, {
    config: z.object({ a: z.string(), b: z.object({ c: z.number() }) }),
    create: () => ({ send: async () => {} }),
  });
  const broken = { a: 1, b: { c: 'x' } } as unknown as { a: string; b: { c: number } };
  await expect(async () => quiet.create({ config: broken, deps: {} })).rejects.toMatchObject({
    code: 'VP_SDK_CONFIG_INVALID',
    class: 'config',
    message: expect.stringMatching(/a: .*; b\.c: /),
  });
});

test('configType gives the type and passes what the host has checked', async () => {
  const quiet = provider(points.alerter, {
    config: configType<{ readonly host: string }>(),
    create: ({ config }) => {
      expectTypeOf(config).toEqualTypeOf<{ readonly host: string }>();
      return { send: async () => {} };
    },
  });
  await quiet.create({ config: { host: 'h' }, deps: {} });
});
