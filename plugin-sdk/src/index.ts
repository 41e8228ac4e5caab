export * from '@vp/contracts';
export { definePlugin } from './define-plugin.ts';
