export { type PluginHostInit, Plugins } from './host.ts';
export type { ConfigureContribution } from './instances.ts';
export type { PluginTimeouts } from './lifecycle.ts';
export type { PluginEntry, PluginInfo, PluginLifecycle, PluginOrigin } from './plugin.ts';
export { type PluginCandidate, verifyManifests } from './verify-manifests.ts';
export { type Candidate, type Fact, type Solution, solveVersions, type Wish } from './version-solver.ts';
