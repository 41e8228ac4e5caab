import { configType, definePlugin, points, provider } from '@vp/plugin-sdk';
import { createConsoleAlerter } from './alerter.ts';
import type { ConsoleAlerterConfig } from './config.ts';

const terminal = provider(points.alerter, {
  config: configType<ConsoleAlerterConfig>(),
  create: ({ config }) => createConsoleAlerter({ config }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.alerter, 'console', terminal);
  },
});
