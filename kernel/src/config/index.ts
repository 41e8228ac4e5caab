export { contributionConfig, sectionAt } from './contribution-config.ts';
export { type ExplainedValue, isSecretKey, type KeyExplanation } from './explain.ts';
export { knownKeys } from './known-keys.ts';
export {
  type ConfigFile,
  type ConfigLayer,
  type ConfigLayersInit,
  type ConfigPlace,
  configLayers,
} from './layers.ts';
export { type ConfigPath, formatKey, parseKey } from './path.ts';
export {
  inspectConfig,
  type ResolveConfigInit,
  type ResolvedConfig,
  resolveConfig,
  unknownSections,
} from './resolve.ts';
export {
  type Grants,
  type PluginConfig,
  type Policy,
  type ProjectConfig,
  parseGrants,
  projectJsonSchema,
} from './schema.ts';
