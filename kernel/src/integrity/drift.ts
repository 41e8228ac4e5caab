import type { Lock } from '@vp/contracts/registry';
import semver from 'semver';
import type { Grants } from '../config/index.ts';

/** A plugin as the deployment asks for it. */
export interface WantedPlugin {
  /** Key of `[plugins]`. */
  readonly name: string;
  /** Package name; `name` unless that is an alias. */
  readonly package?: string | undefined;
  readonly range?: string | undefined;
  /** As vp.toml has them, without what environments and flags add. */
  readonly grants?: Grants | undefined;
}

/** Something that vp.toml and vp.lock say differently. */
export interface LockDifference {
  /** Key of `[plugins]`. */
  readonly plugin: string;
  /** `missing`: from the lock. `extra`: nobody asks for it any more. */
  readonly kind: 'missing' | 'extra' | 'package' | 'version' | 'grants';
  /** A clause for people. */
  readonly text: string;
}

/** Where vp.lock is not what vp.toml asks for. */
export function lockDifferences(init: {
  readonly lock: Lock;
  readonly wanted: readonly WantedPlugin[];
}): readonly LockDifference[] {
  const { lock, wanted } = init;
  const names = new Set(wanted.map(({ name }) => name));
  const extra = Object.keys(lock.plugins).filter((name) => !names.has(name));
  return [
    ...wanted.flatMap((each) => differencesOf(lock, each)),
    ...extra.map((plugin): LockDifference => {
      return { plugin, kind: 'extra', text: `vp.lock has ${plugin}, which vp.toml does not ask for` };
    }),
  ];
}

export function differencesOf(lock: Lock, wanted: WantedPlugin): readonly LockDifference[] {
  const { name, range } = wanted;
  const locked = Object.hasOwn(lock.plugins, name) ? lock.plugins[name] : undefined;
  if (locked === undefined) {
    return [{ plugin: name, kind: 'missing', text: `vp.toml asks for ${name}, which vp.lock does not have` }];
  }
  const found: LockDifference[] = [];
  const add = (kind: LockDifference['kind'], text: string) => found.push({ plugin: name, kind, text });
  const { package: packageName = name } = wanted;
  if (locked.package !== packageName) {
    add('package', `vp.toml wants ${name} to be ${packageName}, vp.lock has ${locked.package}`);
  } else if (range !== undefined && semver.validRange(range) !== null && !fits(locked.version, range)) {
    add('version', `vp.toml wants ${name} ${range}, vp.lock has ${locked.version}`);
  }
  if (grantsText(locked.grants) !== grantsText(wanted.grants)) {
    const [there, here] = [grantsText(wanted.grants), grantsText(locked.grants)];
    add('grants', `vp.toml grants ${name} ${there}, vp.lock has ${here}`);
  }
  return found;
}

const fits = (version: string, range: string): boolean =>
  semver.satisfies(version, range, { includePrerelease: true });

/** The same for grants that allow the same: lists in any order, nothing granted in any of its spellings. */
function grantsText(grants: Grants | undefined = {}): string {
  if (grants === 'all') return 'all';
  const lists = Object.entries(grants)
    .filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value === true))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, value]) => (Array.isArray(value) ? `${kind} ${value.toSorted().join(' ')}` : kind));
  return lists.length === 0 ? 'nothing' : lists.join(', ');
}
