import {
  didYouMean,
  type Engine,
  formatPartition,
  type PartitionKey,
  parsePartition,
  type Snapshot,
} from '@vp/contracts';
import { errors } from './errors.ts';
import type { Session } from './session.ts';

/** An asset's data, found without loading the pipeline when the bound engine has it. */
export interface LocatedAsset {
  readonly engine: Engine;
  /** Current snapshots: one, or one for each partition. */
  readonly snapshots: readonly Snapshot[];
  readonly partition?: PartitionKey;
}

/** @throws VpError when the asset, its data or the partition does not exist */
export async function locateAsset(
  session: Session,
  request: { readonly asset: string; readonly partition?: string | undefined },
): Promise<LocatedAsset> {
  const { asset } = request;
  let engine = await session.engine();
  let all = await engine.snapshots([asset]);
  if (all.length === 0) {
    const { assets } = await session.pipeline();
    const spec = assets.find((each) => each.name === asset);
    if (spec === undefined) {
      throw errors.VP_CLI_ASSET_UNKNOWN({
        asset,
        suggestion: didYouMean(
          asset,
          assets.map((each) => each.name),
        ),
      });
    }
    if (spec.materialize === 'none') throw errors.VP_CLI_KEEPS_NO_DATA({ asset });
    if (request.partition !== undefined && spec.partitions === undefined) {
      throw errors.VP_CLI_NOT_PARTITIONED({ asset, partition: request.partition });
    }
    if (spec.engine !== undefined) {
      engine = await session.engine(spec.engine);
      all = await engine.snapshots([asset]);
    }
  }
  const isWhole = all.length > 0 && all.every(({ partition: key = {} }) => Object.keys(key).length === 0);
  if (request.partition !== undefined && isWhole) {
    throw errors.VP_CLI_NOT_PARTITIONED({ asset, partition: request.partition });
  }
  const partition = request.partition === undefined ? undefined : partitionOf(request.partition, all);
  const wanted = partition === undefined ? undefined : formatPartition(partition);
  const snapshots = all.filter(
    (each) => wanted === undefined || formatPartition(each.partition ?? {}) === wanted,
  );
  if (snapshots.length === 0) {
    const keys = all.map((each) => formatPartition(each.partition ?? {})).filter((key) => key !== '');
    const suggestion = wanted === undefined ? '' : didYouMean(wanted, keys);
    throw errors.VP_CLI_NO_DATA({ asset, partition: request.partition, suggestion });
  }
  return { engine, snapshots, ...(partition === undefined ? {} : { partition }) };
}

/** `date=2001-03`, or `2001-03` alone when there is one dimension. */
function partitionOf(text: string, snapshots: readonly Snapshot[]): PartitionKey {
  if (text.includes('=')) return parsePartition(text);
  const [name = ''] = Object.keys(snapshots[0]?.partition ?? {});
  return { [name]: text };
}
