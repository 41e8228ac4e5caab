import {
  type AssetInput,
  type AssetSpec,
  hasBrand,
  type JsonScalar,
  type SqlPart,
  type SqlText,
} from '@vp/contracts';
import type { ColumnRef, Input } from './asset-type.ts';
import { errors } from './errors.ts';
import { isInput, splitInput, toAssetInput } from './inputs.ts';
import { describeValue } from './validate.ts';

/** A bound of the partition that is computed, to stand in a hole of sql`…`. */
export interface PartitionRef {
  readonly $$type: '@vp/partition-ref';
  readonly version: 'v1';
  readonly bound: 'start' | 'end' | 'key';
  readonly dimension?: string;
}

/** What can stand in a hole of sql`…`. */
export type SqlHole = Input | ColumnRef | PartitionRef | Sql | JsonScalar | bigint;

/** A SQL text with holes: a whole query of an asset, or a fragment for another sql`…`. */
export interface Sql {
  readonly $$type: '@vp/sql';
  readonly version: 'v1';
  readonly strings: readonly string[];
  readonly holes: readonly SqlHole[];
}

const partitionRef = (bound: PartitionRef['bound'], dimension?: string): PartitionRef => ({
  $$type: '@vp/partition-ref',
  version: 'v1',
  bound,
  ...(dimension === undefined ? {} : { dimension }),
});

/**
 * The partition that is computed: `start` and `end` of its time window as timestamps, `key` as
 * text. `partition.of('region').key` where there are several dimensions.
 */
export const partition = {
  start: partitionRef('start'),
  end: partitionRef('end'),
  key: partitionRef('key'),
  of: (dimension: string) => ({
    start: partitionRef('start', dimension),
    end: partitionRef('end', dimension),
    key: partitionRef('key', dimension),
  }),
} as const;

const isSql = (value: unknown): value is Sql => hasBrand(value, '@vp/sql');

function isHole(value: unknown): value is SqlHole {
  if (value === null || ['string', 'boolean', 'bigint'].includes(typeof value)) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return (
    isInput(value) ||
    isSql(value) ||
    hasBrand(value, '@vp/column-ref') ||
    hasBrand(value, '@vp/partition-ref')
  );
}

/**
 * A SQL query. Holes are assets (their data), columns (`${flights.columns.delay}`, quoted), bounds
 * of the partition, values (bound as parameters, never spliced in) and other sql`…` fragments.
 *
 * @example
 * ```ts
 * import { asset, source, sql, t } from 'vibepiper';
 * const flights = asset('flights', {
 *   source: source('files', { path: 'flights.parquet' }),
 *   schema: { origin: t.text() },
 * });
 * sql`select ${flights.columns.origin}, count(*) as flights from ${flights} group by all`
 * ```
 */
export function sql(strings: TemplateStringsArray, ...holes: readonly SqlHole[]): Sql {
  holes.forEach((hole: unknown, index) => {
    if (isHole(hole)) return;
    const before = (strings[index] ?? '').trim().slice(-30);
    throw errors.VP_AUTHORING_SQL_HOLE({ hole: index + 1, after: before, got: describeValue(hole) });
  });
  return { $$type: '@vp/sql', version: 'v1', strings: [...strings], holes };
}

/** SQL text as it stands, for parts that are computed. Nothing is quoted: never from outside. */
sql.raw = (text: string): Sql => ({ $$type: '@vp/sql', version: 'v1', strings: [text], holes: [] });

/** A query in the plain form of the contracts. */
export interface CompiledSql {
  readonly text: SqlText;
  readonly inputs: readonly AssetInput[];
  readonly upstream: readonly AssetSpec[];
}

/** Flattens nested fragments and names the inputs. */
export function compileSql(query: Sql): CompiledSql {
  const strings: string[] = [''];
  const parts: SqlPart[] = [];
  const inputs = new Map<string, AssetInput>();
  const upstream = new Set<AssetSpec>();
  const append = (text: string): void => {
    strings[strings.length - 1] += text;
  };
  const push = (part: SqlPart): void => {
    parts.push(part);
    strings.push('');
  };
  const visit = (fragment: Sql): void => {
    fragment.strings.forEach((text, index) => {
      append(text);
      const hole = fragment.holes[index];
      if (index >= fragment.holes.length || hole === undefined) return;
      if (isSql(hole)) visit(hole);
      // Digits are safe to splice in, and a parameter could not carry them as JSON.
      else if (typeof hole === 'bigint') append(String(hole));
      else if (isInput(hole)) push({ kind: 'input', as: nameInput(inputs, upstream, hole) });
      else if (isColumnRef(hole)) push({ kind: 'column', name: hole.name });
      else if (isPartitionRef(hole)) push(toPartitionPart(hole));
      else push({ kind: 'value', value: hole });
    });
  };
  visit(query);
  return { text: { strings, parts }, inputs: [...inputs.values()], upstream: [...upstream] };
}

const isColumnRef = (value: SqlHole): value is ColumnRef => hasBrand(value, '@vp/column-ref');
const isPartitionRef = (value: SqlHole): value is PartitionRef => hasBrand(value, '@vp/partition-ref');

function toPartitionPart(hole: PartitionRef): SqlPart {
  return {
    kind: 'partition',
    bound: hole.bound,
    ...(hole.dimension === undefined ? {} : { dimension: hole.dimension }),
  };
}

/** The same asset with other partitions is another input: `flights`, `flights_2`. */
function nameInput(inputs: Map<string, AssetInput>, upstream: Set<AssetSpec>, hole: Input): string {
  const { asset } = splitInput(hole);
  upstream.add(asset);
  const base = asset.name.replaceAll('.', '_');
  for (let count = 1; ; count += 1) {
    const as = count === 1 ? base : `${base}_${count}`;
    const wanted = toAssetInput(hole, as);
    const present = inputs.get(as);
    if (present !== undefined && JSON.stringify(present) !== JSON.stringify(wanted)) continue;
    inputs.set(as, wanted);
    return as;
  }
}
