import { didYouMean } from '@vp/contracts';
import { errors } from './errors.ts';
import { overlapping } from './partition-mapping.ts';
import { type DimensionValues, type Partition, type PartitionSet, zoneOf } from './partition-spec.ts';
import { addGrain, parseGrain } from './time-grain.ts';
import { toInstant } from './time-zone.ts';

/** What a `--partition` asks of one dimension, or of whichever it fits. */
interface Term {
  readonly dimension?: string;
  readonly value: string;
}

function parse(selection: string): readonly Term[] {
  return selection.split(',').map((text): Term => {
    const cut = text.indexOf('=');
    if (cut < 0) return { value: decodeURIComponent(text.trim()) };
    return {
      dimension: decodeURIComponent(text.slice(0, cut).trim()),
      value: decodeURIComponent(text.slice(cut + 1).trim()),
    };
  });
}

/** The values of a dimension that a term means, or `undefined` when the term is not about it. */
function match(term: Term, values: DimensionValues): readonly string[] | undefined {
  const { dimension } = values;
  if (term.dimension !== undefined && term.dimension !== dimension.name) return undefined;
  if (dimension.kind === 'static') {
    if (values.byKey.has(term.value)) return [term.value];
    return term.dimension === undefined ? undefined : [];
  }
  if (term.value === 'latest') return values.values.slice(-1).map((value) => value.key);
  const [first = '', last = first] = term.value.split('..');
  const from = parseGrain(first);
  const to = parseGrain(last);
  if (from === undefined || to === undefined) return term.dimension === undefined ? undefined : [];
  const zone = zoneOf(dimension);
  return overlapping(values, toInstant(from.start, zone), toInstant(addGrain(to.start, to.grain, 1), zone));
}

/**
 * Chooses partitions with the texts of `--partition`: `2001-03`, `2001-01..2001-06`, `latest`,
 * `eu`, `date=2001-03,region=eu`; several add up. A coarser time means all within it. A text that
 * is not about an asset's dimensions leaves that asset whole.
 *
 * @throws VpError `VP_PARTITION_UNKNOWN` when a text means no partition of any asset
 */
export function createPartitionSelector(
  selections: readonly string[],
  sets: Iterable<PartitionSet>,
): (set: PartitionSet) => readonly Partition[] {
  const parsed = selections.map((text) => ({ text, terms: parse(text) }));
  const chosen = new Map<PartitionSet, readonly Partition[]>();
  const hit = new Set<string>();
  const known = new Set<string>();
  for (const set of sets) {
    if (chosen.has(set)) continue;
    const wanted = new Set<Partition>();
    let concerned = false;
    for (const { text, terms } of parsed) {
      const found = select(set, terms);
      if (found === undefined) continue;
      concerned = true;
      if (found.length > 0) hit.add(text);
      for (const partition of found) wanted.add(partition);
    }
    for (const { values } of set.dimensions) {
      for (const value of [...values.slice(0, 50), ...values.slice(-50)]) known.add(value.key);
    }
    chosen.set(set, concerned ? set.partitions.filter((p) => wanted.has(p)) : set.partitions);
  }
  for (const { text } of parsed) {
    if (hit.has(text)) continue;
    throw errors.VP_PARTITION_UNKNOWN({ partition: text, suggestion: didYouMean(text, known) });
  }
  return (set) => chosen.get(set) ?? set.partitions;
}

function select(set: PartitionSet, terms: readonly Term[]): readonly Partition[] | undefined {
  const allowed = new Map<string, Set<string>>();
  for (const term of terms) {
    for (const values of set.dimensions) {
      const found = match(term, values);
      if (found === undefined) continue;
      const { name } = values.dimension;
      const before = allowed.get(name);
      allowed.set(name, new Set(before === undefined ? found : found.filter((key) => before.has(key))));
      break;
    }
  }
  if (allowed.size === 0) return undefined;
  return set.partitions.filter(({ key }) =>
    [...allowed].every(([name, values]) => values.has(key[name] ?? '')),
  );
}
