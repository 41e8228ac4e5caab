import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import { createWebhookAlerter } from './alerter.ts';
import type { WebhookConfig } from './config.ts';

const webhook = provider(points.alerter, {
  deps: { clock: services.clock },
  config: configType<WebhookConfig>(),
  create: ({ config, deps }) => createWebhookAlerter({ config, clock: deps.clock }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.alerter, 'webhook', webhook);
  },
});
