import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import { create{{class}}Alerter } from './alerter.ts';
import type { {{class}}Config } from './config.ts';

const alerter = provider(points.alerter, {
  deps: { clock: services.clock },
  // The JSON Schema of the manifest has checked it; this says its type.
  config: configType<{{class}}Config>(),
  create: ({ config, deps }) => create{{class}}Alerter({ config, clock: deps.clock }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.alerter, '{{id}}', alerter);
  },
});
