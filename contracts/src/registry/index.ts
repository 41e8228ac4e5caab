export { badgeSvg } from './badge-svg.ts';
export {
  type PluginDetail,
  type PluginSummary,
  pluginDetailSchema,
  pluginSummarySchema,
  type SearchAnswer,
  searchAnswerSchema,
  type VersionFacts,
  versionFactsSchema,
} from './catalogue.ts';
export { type ConfigKey, configKeys } from './config-keys.ts';
export { canonicalJson, jsonHash, type TreeFile, treeHash } from './hashes.ts';
export {
  documentMessage,
  endorsedMessage,
  isSignedBy,
  keyId,
  type RegistryKey,
  type RegistrySignature,
  registryKeySchema,
  signatureSchema,
  signedMessage,
  trustedKeys,
} from './keys.ts';
export {
  type KillList,
  type KillListEntry,
  type KillLists,
  killListFile,
  killListSchema,
  killListsSchema,
} from './kill-list.ts';
export {
  formatLock,
  type InstalledIndex,
  indexFile,
  installedFolder,
  installedIndexSchema,
  type Lock,
  type LockedPackage,
  type LockedPlugin,
  lockDigest,
  lockFile,
  lockSchema,
} from './lock.ts';
export { type PermissionWords, permissionLine, permissionWords } from './permission-words.ts';
export {
  type Badge,
  badgeOf,
  badgeSchema,
  type ConformanceReport,
  conformanceReportSchema,
  reportFiles,
} from './report.ts';
