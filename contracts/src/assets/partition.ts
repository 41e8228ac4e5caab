import { errors } from '../errors.ts';

/** How a time partition is cut. */
export type TimeGrain = 'hour' | 'day' | 'week' | 'month' | 'year';

/** One dimension of partitioning. */
export type PartitionDimension =
  | {
      readonly kind: 'time';
      readonly name: string;
      readonly grain: TimeGrain;
      /** First instant, ISO 8601 date or timestamp, included. */
      readonly start: string;
      /** Last instant, excluded; the present when left out. */
      readonly end?: string;
      /** IANA zone whose days and months are meant; UTC when left out. */
      readonly timezone?: string;
    }
  | { readonly kind: 'static'; readonly name: string; readonly values: readonly string[] };

/** How an asset is cut into parts that are computed and stored by themselves. */
export interface PartitionsSpec {
  /** One or more dimensions; the partitions are their product. */
  readonly dimensions: readonly PartitionDimension[];
}

/**
 * One partition: the value of each dimension. Time values are the start, cut to the grain:
 * `2001-03`, `2001-03-05`, `2001-03-05T14`, `2001-W09`, `2001`.
 */
export type PartitionKey = Readonly<Record<string, string>>;

/**
 * The text form of a partition key, stable and safe in file names: `date=2001-03` or
 * `date=2001-03,region=eu`, dimensions by name.
 *
 * @example
 * ```ts
 * import { formatPartition } from '@vp/contracts';
 * formatPartition({ region: 'eu', date: '2001-03' }); // 'date=2001-03,region=eu'
 * ```
 */
export function formatPartition(key: PartitionKey): string {
  return Object.keys(key)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(key[name] ?? '')}`)
    .join(',');
}

/**
 * The inverse of {@link formatPartition}.
 *
 * @throws VpError `VP_PARTITION_MALFORMED` for a text that no key has
 */
export function parsePartition(text: string): PartitionKey {
  if (text === '') return {};
  return Object.fromEntries(
    text.split(',').map((part) => {
      const cut = part.indexOf('=');
      if (cut < 1 || !isEncoded(part)) throw errors.VP_PARTITION_MALFORMED({ text });
      return [decodeURIComponent(part.slice(0, cut)), decodeURIComponent(part.slice(cut + 1))];
    }),
  );
}

/** Whether every `%` begins the code of a character. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** Which partitions of an upstream asset a partition needs. */
export type PartitionMapping =
  /** The same key; all of it when only one side is partitioned. */
  | { readonly kind: 'same' }
  /** Every partition. */
  | { readonly kind: 'all' }
  /** Time windows relative to this one: `from: -6, to: 0` is the last seven. */
  | { readonly kind: 'window'; readonly from: number; readonly to: number };
