export {
  type Contributes,
  contributionKeys,
  type Manifest,
  type ManifestCommand,
  type ManifestCommandValue,
  type ManifestRule,
  manifestJsonSchema,
  manifestSchema,
  type Permissions,
  type PluginPackage,
  pluginPackageSchema,
} from './manifest.ts';
