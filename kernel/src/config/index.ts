export { type ContributionConfigInit, contributionConfig } from './contribution-config.ts';
export { errorTable as configErrorTable } from './errors.ts';
export { type ExplainedValue, isSecretKey, type KeyExplanation } from './explain.ts';
export { knownKeys, type SectionSchema } from './known-keys.ts';
export {
  type ConfigFile,
  type ConfigLayer,
  type ConfigLayersInit,
  type ConfigPlace,
  configLayers,
  defaultsLayer,
  flagsLayer,
  variablesLayer,
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
  type AlertRoute,
  type ConnectionConfig,
  type Grants,
  type PluginConfig,
  type ProjectConfig,
  projectJsonSchema,
} from './schema.ts';
