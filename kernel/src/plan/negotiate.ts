import { errors } from './errors.ts';

/** What it costs to move data in a format, in the time of native Parquet. Vendor streams count as 1. */
const cost: Readonly<Record<string, number>> = {
  relation: 0,
  parquet: 1,
  arrow: 2,
  csv: 4,
  ndjson: 6,
  json: 6,
  rows: 20,
};

/**
 * The cheapest format that one side gives and the other takes. Between equals the giver's order
 * decides, then the taker's.
 *
 * @throws VpError when there is none, or not the one that was asked for
 */
export function negotiate(request: {
  readonly from: string;
  readonly offers: readonly string[];
  readonly to: string;
  readonly accepts: readonly string[];
  readonly force?: string | undefined;
}): string {
  const { from, offers, to, accepts, force } = request;
  const common = offers.filter((format) => accepts.includes(format));
  if (force !== undefined) {
    if (common.includes(force)) return force;
    throw errors.VP_PLAN_FORMAT_FORCED({ format: force, from, to, common });
  }
  let best: string | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const format of common) {
    const price = cost[format] ?? 1;
    if (price < bestCost) {
      best = format;
      bestCost = price;
    }
  }
  if (best === undefined) throw errors.VP_PLAN_FORMAT_NONE({ from, to, offers, accepts });
  return best;
}

/** A path for people: `files csv -> duckdb (native)`. */
export function describePath(from: string, format: string, to: string): string {
  return `${from} ${format} -> ${to} (${format === 'rows' ? 'through JavaScript' : 'native'})`;
}
