import {
  didYouMean,
  formatPartition,
  type Json,
  type JsonObject,
  type PartitionKey,
  type PartitionsSpec,
} from '@vp/contracts';

/** `{word}`; the braces of globs such as `{a,b}` and of patterns such as `{4}` are no placeholders. */
const placeholder = /\{([A-Za-z_][\w.-]*)\}/g;

/** What stands for a whole partition: `date=2001-03,region=eu`. */
const whole = 'partition';

/** The placeholders in the texts of a source's options. */
function placeholdersOf(options: Json): ReadonlySet<string> {
  if (typeof options === 'string')
    return new Set([...options.matchAll(placeholder)].map(([, name = '']) => name));
  if (options === null || typeof options !== 'object') return new Set();
  const names = new Set<string>();
  for (const value of Object.values(options)) for (const name of placeholdersOf(value)) names.add(name);
  return names;
}

const namesOf = (spec: PartitionsSpec): readonly string[] => spec.dimensions.map(({ name }) => name);

/** Whether each partition of an asset reads something of its own. */
export function readsApart(options: JsonObject, spec: PartitionsSpec | undefined): boolean {
  if (spec === undefined) return false;
  const used = placeholdersOf(options);
  return used.has(whole) || namesOf(spec).some((name) => used.has(name));
}

/** Placeholders that mean nothing, and dimensions along which every partition would read the same. */
export function placeholderFaults(
  options: JsonObject,
  spec: PartitionsSpec,
): {
  readonly unknown: readonly { readonly name: string; readonly suggestion: string }[];
  readonly missing: readonly string[];
  readonly known: readonly string[];
} {
  const used = placeholdersOf(options);
  const dimensions = namesOf(spec);
  const known = [whole, ...dimensions];
  return {
    known,
    unknown: [...used]
      .filter((name) => !known.includes(name))
      .map((name) => ({ name, suggestion: didYouMean(name, known) })),
    missing: used.has(whole) ? [] : dimensions.filter((name) => !used.has(name)),
  };
}

/**
 * A source's options for one partition: `{partition}` is its text as sinks write it, `{region}` the
 * value of a dimension, both safe in file names. Without a partition nothing is replaced.
 */
export function fillPartition(options: JsonObject, key: PartitionKey | undefined): JsonObject {
  if (key === undefined) return options;
  const textOf = (match: string, name: string): string => {
    if (name === whole) return formatPartition(key);
    return Object.hasOwn(key, name) ? encodeURIComponent(key[name] ?? '') : match;
  };
  const fill = (value: Json): Json => {
    if (typeof value === 'string') return value.replaceAll(placeholder, textOf);
    if (Array.isArray(value)) return value.map(fill);
    return value === null || typeof value !== 'object' ? value : fillAll(value as JsonObject);
  };
  const fillAll = (from: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(from).map(([name, value]) => [name, fill(value)]));
  return fillAll(options);
}
