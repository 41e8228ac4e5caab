export { type PluginHostInit, Plugins, type PluginTimeouts } from './host.ts';
export type { ConfigureContribution } from './instances.ts';
export type { PluginEntry, PluginInfo, PluginLifecycle } from './plugin.ts';
