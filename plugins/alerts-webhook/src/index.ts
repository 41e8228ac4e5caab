export type { WebhookConfig } from './config.ts';
