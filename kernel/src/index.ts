export {
  type ConfigFile,
  type ConfigLayer,
  type ConfigLayersInit,
  type ConfigPath,
  type ConfigPlace,
  configErrorTable,
  configLayers,
  contributionConfig,
  type ExplainedValue,
  formatKey,
  type Grants,
  inspectConfig,
  type KeyExplanation,
  type ProjectConfig,
  parseKey,
  projectJsonSchema,
  type ResolveConfigInit,
  type ResolvedConfig,
  resolveConfig,
} from './config/index.ts';
export type { Diagnostic, Diagnostics } from './diagnostics/index.ts';
export type { ContributionInfo, PluginHost } from './host.ts';
export { createKernel, type Kernel, type KernelInit } from './kernel.ts';
export { type ManifestResult, parseManifest, readManifest } from './manifest/index.ts';
export type { PluginInfo, PluginLifecycle, PluginTimeouts } from './plugins/index.ts';
