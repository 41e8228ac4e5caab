export type {
  AssetInput,
  AssetSpec,
  Compute,
  PipelineSpec,
  PublishSpec,
  SqlPart,
  SqlText,
  StepPolicy,
  WriteMode,
} from './assets/asset-spec.ts';
export type { CheckResult, CheckSeverity, CheckSpec } from './assets/check-spec.ts';
export {
  formatPartition,
  type PartitionDimension,
  type PartitionKey,
  type PartitionMapping,
  type PartitionsSpec,
  parsePartition,
  type TimeGrain,
} from './assets/partition.ts';
export type { AssetTarget, CommitMeta, Snapshot } from './assets/snapshot.ts';
export { type Branded, hasBrand } from './core/brand.ts';
export {
  describeThrown,
  type ErrorClass,
  exitCodeOfClass,
  exitCodes,
  isVpError,
  type SourceLocation,
  VpError,
  type VpErrorInit,
  type VpErrorJson,
  withErrorContext,
} from './core/error.ts';
export { defineErrors, type ErrorDefinition, type ErrorMakers, type ErrorTable } from './core/error-table.ts';
export type { Json, JsonObject, JsonScalar, JsonSchema } from './core/json.ts';
export { createSecret, isSecret, isSecretRef, type Secret, type SecretRef } from './core/secret.ts';
export { didYouMean, suggest } from './core/suggest.ts';
export {
  type ColumnValues,
  type CsvDialect,
  type DataFile,
  type FilesPayload,
  type Format,
  type Payload,
  type RelationPayload,
  type RowBatch,
  type RowsPayload,
  type StreamPayload,
  standardCsv,
  type TransferStats,
} from './data/payload.ts';
export { errorTable } from './errors.ts';
export type { ActivateContext, PluginDefinition, PluginRegistrar } from './plugin/definition.ts';
export {
  createExtensionPoint,
  type ExtensionPoint,
  type Provider,
  type ProviderContext,
} from './plugin/extension-point.ts';
export {
  createHookRef,
  type HookKind,
  type HookOrder,
  type HookRef,
  type HookTap,
  type HookTapOptions,
} from './plugin/hook-ref.ts';
export type { Isolate, IsolateRequest, IsolationLimits } from './plugin/isolation.ts';
export {
  createServiceRef,
  type ServiceFactory,
  type ServiceRef,
  type ServiceRefs,
  type ServiceScope,
  type ServicesOf,
} from './plugin/service-ref.ts';
export { hooks } from './plugin/standard-hooks.ts';
export {
  type Clock,
  type EventInput,
  type EventStream,
  type Logger,
  type LogLevel,
  type Paths,
  type PluginState,
  type Secrets,
  services,
} from './plugin/standard-services.ts';
export type { Alert, Alerter, AlertSeverity } from './points/alerter.ts';
export type {
  Auth,
  AuthorizationRequest,
  AuthorizationResult,
  Credentials,
  Identity,
} from './points/auth.ts';
export type { CallContext, CheckReport, Progress } from './points/call.ts';
export type { Command, CommandRequest, CommandValue } from './points/command.ts';
export type {
  Engine,
  EngineHistory,
  EngineQueries,
  EngineQuery,
  EngineWriter,
  PartitionBounds,
  QueryResult,
  SnapshotRead,
  StagedSnapshot,
  StageInput,
} from './points/engine.ts';
export type { ExecuteRequest, Executor, WorkerCommand, WorkerEnd } from './points/executor.ts';
export { points } from './points/index.ts';
export type { SinkOptions, SourceOptions } from './points/options.ts';
export type { ColumnFit, Sink, SinkFit, SinkTable, SinkWriter, WriteRequest } from './points/sink.ts';
export type { ReadRequest, Source, SourceRead, SourceStream, SourceWindow } from './points/source.ts';
export type {
  EventFilter,
  LockOwner,
  MaterializationRecord,
  RunFilter,
  Store,
  StoredEvent,
  StoreLock,
} from './points/store.ts';
export type { Transform, TransformRequest, TransformResult } from './points/transform.ts';
export type { RuleInfo, ValidationTarget, Validator } from './points/validator.ts';
export type { EventType, VpEvent } from './run/event.ts';
export type { Plan, PlanReason, PlanReasonCode, PlanStep } from './run/plan.ts';
export type { RunRecord, RunStatus, RunSummary, StepResult, StepStatus } from './run/result.ts';
export type {
  ColumnMapping,
  PlannedChange,
  SchemaAction,
  SchemaPolicy,
  TransferEnd,
  TransferPlan,
  TransferResult,
  TransferSpec,
} from './run/transfer.ts';
export { type Column, type Columns, type RowOf, t, toTableSchema, type ValueOf } from './types/column.ts';
export { type Conversion, conversion, harmlessLosses } from './types/conversion.ts';
export {
  type ElementType,
  type Field,
  formatType,
  type IntervalValue,
  type LogicalType,
  maxDecimalPrecision,
  type SimpleKind,
  sameType,
  type TableSchema,
  type TimeUnit,
  type TypeKind,
  type Value,
} from './types/logical-type.ts';
export type { SchemaChange } from './types/schema-change.ts';
