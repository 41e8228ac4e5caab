import { join } from 'node:path';
import { isVpError, type VpError } from '@vp/contracts';
import { installedFolder, type KillLists, type Lock, type LockedPlugin } from '@vp/contracts/registry';
import type { Policy } from '../config/index.ts';
import { comparePackage, strayPackages } from './compare.ts';
import { differencesOf, type WantedPlugin } from './drift.ts';
import { errors } from './errors.ts';
import { type Generation, readGeneration, writeIndex } from './installed-index.ts';
import { lockedVersion, readKillLists, withdrawn } from './kill-lists.ts';
import { type LockFile, readInstalledLock } from './lock-file.ts';
import { type PackageVersion, policyFault } from './policy.ts';
import { type PackageDifference, tampered } from './tampered.ts';

/**
 * `verified`: vp.lock vouches for every byte. `yanked`: it does, and the registry has withdrawn the
 * version. `unverified`: nobody vouches for it, or it is not what the lock says.
 */
export type Trust = 'verified' | 'yanked' | 'unverified';

export interface IntegrityInit {
  /** The folder with vp.lock and `.vp/plugins`. */
  readonly projectDir: string;
  readonly policy: Policy;
  readonly wanted: readonly WantedPlugin[];
  /** Fresh kill lists of these registries, if they can be had: asked before a plugin is loaded. Never rejects. */
  readonly killLists?: ((registries: readonly string[]) => Promise<KillLists | undefined>) | undefined;
  readonly warn: (error: VpError) => void;
}

/** What is installed, held against vp.lock. Without a lock it vouches for nothing and refuses nothing. */
export interface Integrity {
  /** Of vp.lock; none without one, or when it cannot be read. */
  readonly digest: string | undefined;
  /** Folder of a plugin that the lock lists: in the generation that was looked at, whatever is installed meanwhile. */
  directory(name: string): string | undefined;
  isLocked(name: string): boolean;
  /** That vp.lock does not have a plugin that is nowhere else either; `undefined` without a lock. */
  missing(name: string): VpError | undefined;
  trust(name: string): Trust;
  /** Why a plugin of the lock cannot be used. Reads none of its files unless their times differ. */
  examine(name: string): VpError | undefined;
  /** Why the policy keeps a plugin out, once its manifest is read. */
  admit(plugin: {
    readonly name: string;
    /** Where it lies, in words. */
    readonly from: string;
    /** Whether it is the one that the lock lists, and not one of the same name in another place. */
    readonly isLocked: boolean;
    readonly package: PackageVersion;
  }): VpError | undefined;
  /** Holds everything that a plugin may load against the lock. @throws VpError why it must not be loaded */
  beforeLoad(name: string): Promise<void>;
  /** Folders of the packages that a plugin of the lock may load. */
  closure(name: string): readonly string[];
  /** Keeps what was learnt for the next start. */
  flush(): void;
}

export function createIntegrity(init: IntegrityInit): Integrity {
  const { projectDir, policy, wanted } = init;
  const { locked: file, generation, fault } = read(projectDir);
  let lists = knownKillLists(init, file?.lock);
  const asked = new Map(wanted.map((each) => [each.name, each]));
  const trust = new Map<string, Trust>();
  /** By place: what differs in a package that was looked at. */
  const seen = new Map<string, readonly PackageDifference[]>();
  let fresh: Promise<KillLists | undefined> | undefined;
  let isRefreshed = false;

  const lockedPlugin = (name: string): LockedPlugin | undefined =>
    file !== undefined && Object.hasOwn(file.lock.plugins, name) ? file.lock.plugins[name] : undefined;
  const entryOf = (place: string) => generation?.index.packages[place];
  const label = (name: string) => {
    const version = lockedPlugin(name)?.version;
    return version === undefined ? name : `${name}@${version}`;
  };

  function look(place: string, tree: string | undefined): readonly PackageDifference[] {
    const known = seen.get(place);
    if (known !== undefined) return known;
    const indexed = entryOf(place);
    if (generation === undefined || indexed === undefined) return [{ place, file: '', kind: 'missing' }];
    const directory = `${generation.folder}/${place}`;
    const result = comparePackage({ directory, indexed, tree: tree ?? indexed.tree });
    if (result.ok && result.refreshed !== undefined) {
      Object.assign(indexed, result.refreshed);
      isRefreshed = true;
    }
    const differences = result.ok ? [] : result.differences.map((each) => ({ place, ...each }));
    seen.set(place, differences);
    return differences;
  }

  function yanked(name: string, closure: readonly string[] = []): VpError | undefined {
    const locked = lockedPlugin(name);
    if (locked === undefined || file === undefined) return undefined;
    const { package: packageName, version, registry } = locked;
    const own = withdrawn(lists, { name: packageName, version, registry });
    const found =
      own ??
      closure
        .map((place) => lockedVersion(file.lock, place))
        .map((each) => (each === undefined ? undefined : withdrawn(lists, each)))
        .find((each) => each !== undefined);
    if (found === undefined) return undefined;
    trust.set(name, 'yanked');
    const { reason, at } = found;
    const what = `${found.package}@${found.version}`;
    return errors.VP_PLUGIN_YANKED(
      { plugin: name, what, at, reason },
      { plugin: label(name), phase: 'verify' },
    );
  }

  function examine(name: string): VpError | undefined {
    const locked = lockedPlugin(name);
    // A lock that cannot be read may list any of them.
    if (fault !== undefined && (file === undefined || locked !== undefined)) return fault;
    if (file === undefined || locked === undefined) return undefined;
    const request = asked.get(name) ?? { name };
    const drift = differencesOf(file.lock, request);
    const context = { plugin: label(name), phase: 'verify' };
    if (drift.length > 0)
      return errors.VP_LOCK_DRIFT({ differences: drift.map(({ text }) => text) }, context);
    const differences = look(`node_modules/${name}`, locked.tree);
    if (differences.length > 0) {
      return tampered({ plugin: label(name), phase: 'verify', projectDir, differences });
    }
    trust.set(name, 'verified');
    return yanked(name);
  }

  return {
    digest: file?.digest,
    isLocked: (name) => lockedPlugin(name) !== undefined,
    missing(name) {
      if (file === undefined || Object.keys(file.lock.plugins).length === 0) return undefined;
      const differences = differencesOf(file.lock, { name }).map(({ text }) => text);
      return errors.VP_LOCK_DRIFT({ differences }, { plugin: name, phase: 'discover' });
    },
    trust: (name) => trust.get(name) ?? 'unverified',
    examine,
    directory(name) {
      const place = `node_modules/${name}`;
      // A lock that cannot be read still leaves the manifests of what was installed by it.
      const isListed = file === undefined ? fault !== undefined : lockedPlugin(name) !== undefined;
      if (!isListed || entryOf(place) === undefined) return undefined;
      return generation === undefined ? undefined : join(generation.folder, place);
    },
    admit({ name, from, isLocked, package: version }) {
      const locked = isLocked ? lockedPlugin(name) : undefined;
      const context = { plugin: name, phase: 'verify' };
      if (locked === undefined) {
        const found = withdrawn(lists, version);
        if (found !== undefined) {
          trust.set(name, 'yanked');
          const what = `${found.package}@${found.version}`;
          return errors.VP_PLUGIN_YANKED({ plugin: name, what, at: found.at, reason: found.reason }, context);
        }
        const unverified = policy.unverified;
        const told = errors.VP_PLUGIN_UNVERIFIED({ plugin: name, from, policy: unverified }, context);
        if (unverified === 'deny') return told;
        if (unverified === 'warn') init.warn(told);
      } else if (locked.signature === undefined && policy.signatures === 'warn') {
        init.warn(
          errors.VP_PLUGIN_UNSIGNED({ plugin: name, registry: locked.registry, policy: 'warn' }, context),
        );
      }
      return policyFault({ plugin: name, package: version, locked, policy });
    },
    async beforeLoad(name) {
      const locked = lockedPlugin(name);
      if (locked === undefined || generation === undefined || file === undefined) return;
      fresh ??= init.killLists?.(Object.keys(file.lock.registries)) ?? Promise.resolve(undefined);
      lists = (await fresh) ?? lists;
      const place = `node_modules/${name}`;
      const closure = entryOf(place)?.closure ?? [];
      const withdrawal = yanked(name, closure);
      if (withdrawal !== undefined) throw withdrawal;
      const differences = [
        ...look(place, locked.tree),
        ...closure.flatMap((each) => look(each, file.lock.packages[each]?.tree)),
        ...strays(generation, [place, ...closure]),
      ];
      if (differences.length === 0) return;
      trust.set(name, 'unverified');
      throw tampered({ plugin: label(name), phase: 'load', projectDir, differences });
    },
    closure: (name) =>
      (entryOf(`node_modules/${name}`)?.closure ?? []).map((place) => `${generation?.folder}/${place}`),
    flush() {
      if (!isRefreshed || generation === undefined) return;
      isRefreshed = false;
      writeIndex(generation.folder, generation.index);
    },
  };
}

/** Packages that lie where an import of one of these would find them, and that nobody installed. */
function strays({ folder, index }: Generation, from: readonly string[]): readonly PackageDifference[] {
  const places = new Set(Object.keys(index.packages));
  const modules = ['node_modules', ...from.map((place) => `${place}/node_modules`)];
  return modules
    .flatMap((each) => strayPackages({ folder, modules: each, places }))
    .map((place) => ({ place, file: '', kind: 'extra' }));
}

interface Found {
  readonly locked?: LockFile | undefined;
  readonly generation?: Generation | undefined;
  /** Why none of the plugins that the lock lists can be used. */
  readonly fault?: VpError;
}

function read(projectDir: string): Found {
  let generation: Generation | undefined;
  let fault: VpError | undefined;
  try {
    generation = readGeneration(projectDir);
  } catch (error) {
    if (!isVpError(error)) throw error;
    fault = error;
  }
  try {
    const locked = readInstalledLock(projectDir, generation?.index.lock);
    // Without a lock, what was once installed by one is nobody's.
    if (locked === undefined) return {};
    if (Object.keys(locked.lock.plugins).length === 0) return { locked };
    if (fault !== undefined) return { locked, fault };
    if (generation === undefined) {
      return { locked, fault: errors.VP_LOCK_NOT_INSTALLED({ folder: installedFolder }) };
    }
    if (generation.index.lock === locked.digest) return { locked, generation };
    const differences = ['vp.lock is not the one that the plugins in .vp/plugins were installed by'];
    return { locked, generation, fault: errors.VP_LOCK_DRIFT({ differences }) };
  } catch (error) {
    if (!isVpError(error)) throw error;
    return { generation, fault: error };
  }
}

/** Nothing is withdrawn where nothing is locked: one file less to look for. */
function knownKillLists({ projectDir, warn }: IntegrityInit, lock: Lock | undefined): KillLists {
  try {
    if (lock !== undefined) return readKillLists(projectDir);
  } catch (error) {
    if (!isVpError(error)) throw error;
    warn(error);
  }
  return { format: 1, registries: {} };
}
