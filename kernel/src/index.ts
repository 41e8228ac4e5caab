export {
  type ConfigFile,
  type ConfigLayer,
  type ConfigLayersInit,
  type ConfigPath,
  type ConfigPlace,
  configLayers,
  contributionConfig,
  type ExplainedValue,
  formatKey,
  type Grants,
  inspectConfig,
  isSecretKey,
  type KeyExplanation,
  knownKeys,
  type Policy,
  type ProjectConfig,
  parseKey,
  projectJsonSchema,
  type ResolveConfigInit,
  type ResolvedConfig,
  resolveConfig,
} from './config/index.ts';
export type { Diagnostic, Diagnostics } from './diagnostics/index.ts';
export { errorTable } from './error-table.ts';
export { recentEvents, writeCrashDump } from './events/index.ts';
export type { ContributionInfo, PluginHost } from './host.ts';
export {
  type Generation,
  installedPath,
  type LockDifference,
  lockDifferences,
  type PackageDifference,
  type PackageTree,
  parseLock,
  readGeneration,
  readIndex,
  readKillLists,
  readLock,
  scanPackage,
  verifyGeneration,
  withdrawn,
  writeIndex,
  writeKillLists,
} from './integrity/index.ts';
export { createKernel, type Kernel, type KernelInit } from './kernel.ts';
export { type ManifestResult, parseManifest, readManifest } from './manifest/index.ts';
export { checkGrants, type WantedPermission } from './permissions/index.ts';
export type { PipelineModel } from './plan/model.ts';
export type { PlanRequest } from './plan/planner.ts';
export {
  type Fact,
  type PluginInfo,
  type PluginLifecycle,
  type PluginTimeouts,
  solveVersions,
  verifyManifests,
} from './plugins/index.ts';
export { requestCancel } from './runs/cancel.ts';
export type { RunRequest } from './runs/runner.ts';
export type { WorkerStepRequest } from './runs/worker.ts';
export { openEnds, planTransfer, type TransferEnds } from './transfer/plan-transfer.ts';
export { runTransfer, type TransferAttempt } from './transfer/run-transfer.ts';
