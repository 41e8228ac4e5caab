export type { ConfigChange } from './config-changes.ts';
export type { ContributionChange, ManifestChanges } from './manifest-changes.ts';
export { type HeldVersion, type Outlook, outlook, type PresentPlugin } from './outlook.ts';
export { isEmpty, type PermissionChanges } from './permission-changes.ts';
export { type PluginDescription, pluginDescription } from './plugin-description.ts';
export type { Setting, SettingConflict } from './settings.ts';
export { type InstalledPlugin, type UpgradeStep, upgradeStep } from './step.ts';
export { findVersion } from './version-description.ts';
