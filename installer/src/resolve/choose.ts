import { didYouMean, type VpError } from '@vp/contracts';
import type { PluginPackage } from '@vp/contracts/manifest';
import type { Lock, LockedPlugin } from '@vp/contracts/registry';
import { type Fact, type Grants, type Policy, solveVersions, verifyManifests } from '@vp/kernel';
import semver from 'semver';
import type { Packument } from '../client/packument.ts';
import { errors } from '../errors.ts';
import type { PackageSource } from '../source/source.ts';
import { candidates, type PluginVersion, readPackage, type Withdrawn } from './candidates.ts';
import { isPackageName, type PluginSpec } from './spec.ts';

/** A plugin as vp.toml asks for it. */
export interface DeclaredPlugin {
  readonly key: string;
  readonly package: string;
  readonly range: string;
  readonly grants?: Grants | undefined;
}

/** A plugin of the set that is to be. */
export interface ChosenVersion {
  readonly key: string;
  readonly package: string;
  readonly version: string;
  /** What stands in vp.toml afterwards. */
  readonly range: string;
  readonly registry: string;
  readonly manifest: PluginPackage;
  /** Its entry in the lock, when it stays as it is. */
  readonly locked?: LockedPlugin | undefined;
  /** Of a version that is new here. */
  readonly fresh?:
    | { readonly packument: Packument; readonly document: PluginVersion['document'] }
    | undefined;
}

export interface ChooseRequest {
  readonly declared: readonly DeclaredPlugin[];
  readonly specs: readonly PluginSpec[];
  readonly lock: Lock | undefined;
  readonly source: PackageSource;
  readonly policy: Policy;
  readonly now: Date;
  readonly saveExact?: boolean | undefined;
  /** Keys that are to take the newest version in their range, locked or not. */
  readonly renew?: ReadonlySet<string> | undefined;
  /** Versions that are known to be withdrawn. */
  readonly withdrawn?: Withdrawn | undefined;
  /** The manifest of a plugin that is installed here. */
  readonly installed: (key: string) => PluginPackage | undefined;
}

interface Wanted {
  readonly key: string;
  readonly package: string;
  readonly range: string;
  readonly save: string | undefined;
  readonly by: string;
  readonly keep: LockedPlugin | undefined;
  readonly packument: Packument | undefined;
}

/**
 * Chooses a version for every plugin: what is locked stays where it fits, and all others take the newest that
 * goes together with the rest. Asks for documents, and downloads nothing.
 */
export async function chooseVersions(request: ChooseRequest): Promise<readonly ChosenVersion[]> {
  const { declared, specs, lock } = request;
  const named = new Map(specs.map((spec) => [spec.key, spec]));
  const keys = [...new Set([...declared.map(({ key }) => key), ...named.keys()])];
  for (const { key, package: name } of [...declared, ...specs]) refuseName(key, name);
  const wanted = await Promise.all(
    keys.map((key) =>
      look(request, {
        declared: declared.find((each) => each.key === key),
        spec: named.get(key),
        locked: lock?.plugins[key],
      }),
    ),
  );
  const available = new Map(wanted.map((each) => [each.key, versionsOf(request, each)]));
  const solution = solve(wanted, available);
  const chosen = wanted.map((each) => finish(request, each, solution.get(each.key), available));
  refuseDowngrades(request, chosen);
  refuseMisfits(request, chosen);
  return chosen;
}

/**
 * A name that somebody wrote into vp.toml is held to what the command line is held to. Names that every
 * object of JavaScript knows are none: npm's own code takes such a folder for one that is there.
 */
function refuseName(key: string, name: string): void {
  const refuse = (why: string) => errors.VP_INSTALL_SPEC({ text: key, why });
  if (key in {}) throw refuse(`"${key}" is a word of JavaScript: choose another alias, name=${key}`);
  for (const each of [key, name])
    if (!isPackageName(each)) throw refuse(`"${each}" is not the name of a package`);
}

/** What one plugin is to be, before versions are compared with those of others. */
async function look(
  request: ChooseRequest,
  about: {
    readonly declared: DeclaredPlugin | undefined;
    readonly spec: PluginSpec | undefined;
    readonly locked: LockedPlugin | undefined;
  },
): Promise<Wanted> {
  const { source, renew } = request;
  const { declared, spec, locked } = about;
  const key = spec?.key ?? declared?.key ?? '';
  // An alias that is there already needs its package named only once.
  const known = declared !== undefined && (spec === undefined || spec.package === spec.key);
  const name = known ? declared.package : (spec?.package ?? key);
  const before = declared?.package === name ? declared.range : undefined;
  const text = spec?.wanted;
  const isTag = text !== undefined && semver.validRange(text) === null;
  const by = text === undefined && before !== undefined ? 'vp.toml' : 'the command line';
  let packument: Packument | undefined;
  let range = text ?? before ?? '*';
  if (isTag) {
    packument = await source.packument(name);
    range = taggedVersion(packument, text);
  }
  const fits =
    locked?.package === name &&
    (semver.valid(range) === null
      ? semver.satisfies(locked.version, range, { includePrerelease: true })
      : locked.version === semver.valid(range));
  const keep = fits && renew?.has(key) !== true ? locked : undefined;
  const isKnown = keep !== undefined && request.installed(key)?.version === keep.version;
  if (!isKnown) packument ??= await source.packument(name);
  const save = isTag || text === undefined ? before : text;
  return { key, package: name, range, save: isTag ? undefined : save, by, keep, packument };
}

function taggedVersion(packument: Packument, tag: string): string {
  const tags = packument['dist-tags'];
  const version = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  if (version !== undefined) return version;
  const suggestion = didYouMean(tag, Object.keys(tags));
  throw errors.VP_INSTALL_NO_TAG({ package: packument.name, tag, suggestion });
}

type Choice = Pick<PluginVersion, 'version' | 'package'> & { readonly document?: PluginVersion['document'] };

function versionsOf(request: ChooseRequest, wanted: Wanted): readonly Choice[] {
  const { keep, key, packument, range, by } = wanted;
  const { source, policy, now, withdrawn } = request;
  const installed = request.installed(key);
  if (keep !== undefined && installed?.version === keep.version)
    return [{ version: keep.version, package: installed }];
  if (packument === undefined) throw new TypeError('a plugin that is not installed must have a document');
  const registry = source.registryOf(packument.name);
  if (keep === undefined) return candidates({ packument, range, by, registry, policy, now, withdrawn });
  const document = packument.versions[keep.version];
  const about = { packument, range: keep.version, by: 'vp.lock', registry, policy, now, withdrawn };
  if (document === undefined) return candidates(about);
  const parsed = readPackage(document);
  if ('problem' in parsed) return candidates(about);
  return [{ version: keep.version, package: parsed.package, document }];
}

function solve(
  wanted: readonly Wanted[],
  available: ReadonlyMap<string, readonly Choice[]>,
): ReadonlyMap<string, string> {
  const offers = new Map<string, { name: string; version: string; requires: Record<string, string> }[]>();
  const keys = new Set(wanted.map(({ key }) => key));
  for (const each of wanted) {
    // Who has the package's own name as its key stands for it: an alias offers no version to that one.
    for (const name of keys.has(each.package) ? [each.key] : [each.key, each.package]) {
      const list = (available.get(each.key) ?? []).map(({ version, package: pack }) => {
        return { name, version, requires: pack.vp.requires?.plugins ?? {} };
      });
      offers.set(name, [...(offers.get(name) ?? []), ...list]);
    }
  }
  const wishes = wanted.map(({ key, range, by }) => ({ name: key, range, by }));
  const solution = solveVersions({ wishes, available: offers });
  if (!solution.ok) throw conflict(solution.conflict, offers);
  return new Map([...solution.chosen].map(([name, { version }]) => [name, version]));
}

function conflict(
  facts: readonly Fact[],
  offers: ReadonlyMap<string, readonly { readonly version: string }[]>,
): VpError {
  const wants = facts.map(({ by, name, range }) => `${by} wants ${name} ${range}`);
  const there = [...new Set(facts.map(({ name }) => name))].map((name) => {
    const versions = [...new Set((offers.get(name) ?? []).map(({ version }) => version))];
    if (versions.length === 0) return `${name} is not among the plugins`;
    const shown = versions.slice(0, 4).join(', ');
    return `${name} can be ${shown}${versions.length > 4 ? ' and older' : ''}`;
  });
  return errors.VP_INSTALL_CONFLICT(
    { facts: [...wants, ...there] },
    { details: { conflict: facts.map(({ by, name, range }) => ({ by, name, range })) } },
  );
}

function finish(
  request: ChooseRequest,
  wanted: Wanted,
  version: string | undefined,
  available: ReadonlyMap<string, readonly Choice[]>,
): ChosenVersion {
  const { key, keep, packument } = wanted;
  const choice = available.get(key)?.find((each) => each.version === version);
  if (version === undefined || choice === undefined) throw new TypeError(`nothing was chosen for ${key}`);
  const exact = request.saveExact === true && request.specs.some((spec) => spec.key === key);
  const range = exact ? version : (wanted.save ?? `^${version}`);
  const same = keep !== undefined && keep.version === version;
  return {
    key,
    package: wanted.package,
    version,
    range: range === '*' ? `^${version}` : range,
    registry: same ? keep.registry : request.source.registryOf(wanted.package),
    manifest: choice.package,
    ...(same ? { locked: keep } : {}),
    ...(!same && packument !== undefined && choice.document !== undefined
      ? { fresh: { packument, document: choice.document } }
      : {}),
  };
}

/** An old document that is played back to us, or a tag that moved back, must not bring an old version. */
function refuseDowngrades({ lock, specs }: ChooseRequest, chosen: readonly ChosenVersion[]): void {
  for (const { key, package: name, version } of chosen) {
    const locked = lock?.plugins[key];
    if (locked === undefined || locked.package !== name || semver.gte(version, locked.version)) continue;
    const wanted = specs.find((spec) => spec.key === key)?.wanted;
    if (wanted !== undefined && semver.valid(wanted) !== null) continue;
    throw errors.VP_INSTALL_DOWNGRADE({ key, locked: locked.version, found: version });
  }
}

/** What does not fit together because of this change; what did not fit before is told at each start. */
function refuseMisfits(request: ChooseRequest, chosen: readonly ChosenVersion[]): void {
  const candidatesOf = chosen.map(({ key, range, manifest }) => ({ name: key, range, package: manifest }));
  const kept = chosen.filter(
    ({ key, locked }) => locked !== undefined && request.installed(key) !== undefined,
  );
  const known = new Set(
    verifyManifests(kept.map(({ key, range, manifest }) => ({ name: key, range, package: manifest }))).map(
      ({ code, message }) => `${code} ${message}`,
    ),
  );
  const [first, ...others] = verifyManifests(candidatesOf).filter(
    ({ code, message }) => !known.has(`${code} ${message}`),
  );
  if (first === undefined) return;
  const more = others.map(({ code, message }) => ({ code, message }));
  throw more.length === 0 ? first : Object.assign(first, { details: { ...first.details, more } });
}
