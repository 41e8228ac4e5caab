export {
  type Bundle,
  type BundleKey,
  type BundleSummary,
  bundleKey,
  bundleKeyFile,
  createBundle,
  keepKillLists,
  listBundle,
  openBundle,
  parsePlatform,
  platformText,
  trustBundleKey,
  trustedBundleKeys,
} from './bundle/index.ts';
export {
  createRegistryClient,
  type FoundPlugin,
  type FoundPlugins,
  type Packument,
  type PackumentVersion,
  type RegistryClient,
  type RegistryClientInit,
  type SearchQuery,
} from './client/index.ts';
export { changeText, type PluginChange } from './install/changes.ts';
export { type FrozenRequest, type FrozenResult, installFrozen } from './install/frozen.ts';
export {
  type InstallRequest,
  type InstallResult,
  installPlugins,
  type Proposal,
} from './install/install.ts';
export { type RollbackChange, type RollbackResult, rollback } from './install/rollback.ts';
export { type VerifyReport, verifyInstalled, type Withdrawn } from './install/verify.ts';
export { baseUrl, type NpmOptions, npmOptions, registryOf } from './npm/options.ts';
export {
  type Candidate,
  firstPartyNames,
  nearNames,
  type PlacedPolicy,
  policyViolations,
  policyWarnings,
} from './policy/index.ts';
export { editPlugins, type PluginEdit } from './project/vp-toml.ts';
export { type PublishRequest, type PublishResult, packageDigest, publishPackage } from './publish/index.ts';
export { type Allowance, parseAllowance, permissionText } from './resolve/grants.ts';
export { type PluginSpec, parseSpec } from './resolve/spec.ts';
export { registrySource } from './source/registry-source.ts';
export type { PackageSource, TarballRequest } from './source/source.ts';
export { recoverInstall } from './state/journal.ts';
export { leaseGeneration } from './state/lease.ts';
export {
  believedKeys,
  type SignedVersion,
  type VerifiedSignature,
  verifyKillList,
  verifySignature,
} from './trust/index.ts';
export {
  type ConfigChange,
  type ContributionChange,
  findVersion,
  type HeldVersion,
  type InstalledPlugin,
  isEmpty,
  type ManifestChanges,
  type Outlook,
  outlook,
  type PermissionChanges,
  type PluginDescription,
  type PresentPlugin,
  pluginDescription,
  type Setting,
  type SettingConflict,
  type UpgradeStep,
  upgradeStep,
} from './upgrade/index.ts';
