export { asset } from './asset.ts';
export type { Batches, CodeContext } from './asset-options.ts';
export type {
  Asset,
  AssetRef,
  ColumnRef,
  Input,
  Inputs,
  RowOf,
  UndeclaredAsset,
  UndeclaredRow,
} from './asset-type.ts';
export { type Check, type CheckValue, check, type Range } from './check.ts';
export { allPartitions, partitionWindow } from './inputs.ts';
export {
  daily,
  hourly,
  monthly,
  partitionProduct,
  staticPartitions,
  type TimePartitionOptions,
  weekly,
  yearly,
} from './partitions.ts';
export { pipeline } from './pipeline.ts';
export { type PublishOptions, publish } from './publish.ts';
export {
  type KnownSinks,
  type KnownSources,
  type SinkId,
  type SinkUse,
  type SourceId,
  type SourceUse,
  sink,
  source,
  type UntypedOptions,
} from './source.ts';
export { type PartitionRef, partition, type Sql, type SqlHole, sql } from './sql.ts';
export { dates, time } from './time.ts';
