import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import type { {{class}}Config } from './config.ts';
import { create{{class}}Executor } from './executor.ts';

const executor = provider(points.executor, {
  deps: { clock: services.clock },
  // The JSON Schema of the manifest has checked it; this says its type.
  config: configType<{{class}}Config>(),
  create: ({ config, deps }) => create{{class}}Executor({ config, clock: deps.clock }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.executor, '{{id}}', executor);
  },
});
