export { type PluginHostInit, Plugins } from './host.ts';
export type { ConfigureContribution } from './instances.ts';
export type { PluginTimeouts } from './lifecycle.ts';
export type { PluginEntry, PluginInfo, PluginLifecycle } from './plugin.ts';
export { verifyManifests } from './verify-manifests.ts';
export { type Fact, solveVersions } from './version-solver.ts';
