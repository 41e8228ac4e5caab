import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import type { LocalExecutorConfig } from './config.ts';
import { createLocalExecutor } from './executor.ts';

const local = provider(points.executor, {
  deps: { clock: services.clock },
  config: configType<LocalExecutorConfig>(),
  create: ({ config, deps }) => createLocalExecutor({ config, clock: deps.clock }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.executor, 'local', local);
  },
});
