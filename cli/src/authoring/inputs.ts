import { type AssetInput, type AssetSpec, hasBrand, type PartitionMapping } from '@vp/contracts';
import type { AssetRef, HasRow, Input } from './asset-type.ts';
import { errors } from './errors.ts';
import { checkKeys, describeValue } from './validate.ts';

function isAsset(value: unknown): value is AssetSpec {
  return hasBrand(value, '@vp/asset');
}

function isAssetRef(value: unknown): value is AssetRef<unknown> {
  return hasBrand(value, '@vp/asset-ref');
}

/** Whether a value can be an input. */
export function isInput(value: unknown): value is Input {
  return isAsset(value) || isAssetRef(value);
}

/** An input as the asset and the partitions of it. */
export function splitInput(input: Input): {
  readonly asset: AssetSpec;
  readonly partitions?: PartitionMapping;
} {
  if (isAssetRef(input)) return { asset: input.asset, partitions: input.partitions };
  return { asset: input };
}

/** The plain form of an input. */
export function toAssetInput(input: Input, as: string): AssetInput {
  const { asset, partitions } = splitInput(input);
  return { asset: asset.name, as, ...(partitions === undefined ? {} : { partitions }) };
}

function ref<Row>(asset: AssetSpec & HasRow<Row>, call: string, partitions: PartitionMapping): AssetRef<Row> {
  if (!isAsset(asset)) {
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option: 'its first argument',
      expected: 'an asset',
      got: describeValue(asset),
    });
  }
  return { $$type: '@vp/asset-ref', version: 'v1', asset, partitions };
}

/** All partitions of an asset as an input, where by default a partition reads its own only. */
export function allPartitions<Row>(asset: AssetSpec & HasRow<Row>): AssetRef<Row> {
  return ref(asset, 'allPartitions()', { kind: 'all' });
}

/**
 * Partitions relative to the one that is computed, as an input: `{ from: -6, to: 0 }` are the last
 * seven. For time partitions.
 */
export function partitionWindow<Row>(
  asset: AssetSpec & HasRow<Row>,
  range: { readonly from: number; readonly to: number },
): AssetRef<Row> {
  const call = 'partitionWindow()';
  checkKeys(call, range, ['from', 'to']);
  for (const option of ['from', 'to'] as const) {
    if (Number.isInteger(range[option])) continue;
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option,
      expected: 'a whole number',
      got: describeValue(range[option]),
    });
  }
  if (range.from > range.to) {
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option: 'from',
      expected: `at most to (${range.to})`,
      got: String(range.from),
    });
  }
  return ref(asset, call, { kind: 'window', from: range.from, to: range.to });
}
