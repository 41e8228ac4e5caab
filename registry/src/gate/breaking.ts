import type { Manifest } from '@vp/contracts/manifest';
import { contributionsOf, type PlacedContribution, schemaOf } from './manifest.ts';
import { schemaBreaks } from './schema-breaks.ts';
import type { PackedPackage } from './tarball.ts';

/** A plugin as far as its users rely on it. */
export interface Promised {
  readonly manifest: Manifest;
  readonly packed: PackedPackage;
}

/**
 * What a version takes away that the one before it promised: contributions, contract majors, capabilities, formats,
 * rules, keys of configuration and options, arguments and flags of commands, services and extension points. What it
 * adds is no break, new permissions neither: those need a new grant when it is installed.
 */
export function breakingChanges(before: Promised, after: Promised): readonly string[] {
  const now = new Map(contributionsOf(after.manifest).map((each) => [nameOf(each), each]));
  return [
    ...contributionsOf(before.manifest).flatMap((old) => {
      const found = now.get(nameOf(old));
      if (found === undefined) return [`it has no ${nameOf(old)} any more`];
      return contributionBreaks(old, found, { before, after }).map((change) => `${nameOf(old)}: ${change}`);
    }),
    ...gone(before.manifest.provides, after.manifest.provides).map((each) => `the service ${each} is gone`),
    ...gone(pointsOf(before.manifest), pointsOf(after.manifest)).map(
      (each) => `the extension point ${each} is gone`,
    ),
  ];
}

const nameOf = ({ point, value }: PlacedContribution) => `${point} ${value.id}`;

const pointsOf = ({ points = [] }: Manifest) => points.map(({ id, major }) => `${id}@${major}`);

const gone = (before: readonly string[] = [], after: readonly string[] = []) =>
  before.filter((each) => !after.includes(each));

function contributionBreaks(
  old: PlacedContribution,
  found: PlacedContribution,
  { before, after }: { readonly before: Promised; readonly after: Promised },
): readonly string[] {
  const lists = (['capabilities', 'formats', 'accepts', 'offers', 'schemes'] as const).flatMap((key) =>
    gone(strings(old.value[key]), strings(found.value[key])).map((each) => `${words[key]} ${each} is gone`),
  );
  const schemas = (['config', 'options'] as const).flatMap((key) => {
    const [was, is] = [old.value[key], found.value[key]];
    if (was === undefined || is === undefined) return [];
    return schemaBreaks(
      schemaOf({ place: `${old.place}/${key}`, schema: was, packed: before.packed }),
      schemaOf({ place: `${found.place}/${key}`, schema: is, packed: after.packed }),
    ).map((change) => `${key} ${change}`);
  });
  return [
    ...(old.major === found.major
      ? []
      : [`its contract was ${old.value.contract} and is ${found.value.contract}`]),
    ...lists,
    ...schemas,
    ...gone(ids(old.value.rules, 'id'), ids(found.value.rules, 'id')).map((each) => `rule ${each} is gone`),
    ...(['args', 'flags'] as const).flatMap((key) =>
      valueBreaks(old.value[key], found.value[key], words[key]),
    ),
  ];
}

const words = {
  capabilities: 'capability',
  formats: 'format',
  accepts: 'accepted format',
  offers: 'offered format',
  schemes: 'scheme',
  args: 'argument',
  flags: 'flag',
} as const;

/** Arguments or flags of a command. */
function valueBreaks(was: unknown, is: unknown, word: string): readonly string[] {
  const old = new Map(entries(was).map((each) => [String(each.name), each]));
  const now = new Map(entries(is).map((each) => [String(each.name), each]));
  const demanded = [...now].filter(
    ([name, each]) => each.required === true && old.get(name)?.required !== true,
  );
  return [
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `${word} ${name} is gone`),
    ...demanded.map(([name]) => `${word} ${name} is required now`),
    ...[...old]
      .filter(([name, each]) => now.has(name) && now.get(name)?.type !== each.type)
      .map(([name, each]) => `${word} ${name} was ${each.type} and is ${now.get(name)?.type}`),
  ];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entries = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);
const ids = (value: unknown, key: string) => entries(value).map((each) => String(each[key]));
const strings = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
