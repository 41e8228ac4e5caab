import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, VpError } from '@vp/contracts';
import {
  type InstalledIndex,
  isSignedBy,
  jsonHash,
  type Lock,
  type LockedPlugin,
  signedMessage,
  trustedKeys,
} from '@vp/contracts/registry';
import { comparePackage, strayPackages } from './compare.ts';
import { errors } from './errors.ts';
import { installedPath, type PackageDifference } from './tampered.ts';

/** Everything that a thorough look at an installed set found. */
export interface GenerationReport {
  /** Packages and files whose every byte was read. */
  readonly packages: number;
  readonly files: number;
  /** All differences, by package. */
  readonly differences: readonly PackageDifference[];
  /** Plugins of the lock whose manifest, or whose registry's signature, is not what the lock says. */
  readonly faults: readonly VpError[];
}

/**
 * Reads every file of a generation and holds it against the lock: tree hashes of all packages, what
 * is missing or was added, manifests, and the signatures of registries, cryptographically.
 */
export function verifyGeneration(init: {
  readonly folder: string;
  readonly index: InstalledIndex;
  readonly lock: Lock;
}): GenerationReport {
  const { folder, index, lock } = init;
  const places = Object.keys(index.packages);
  const expected = expectedTrees(lock);
  const differences: PackageDifference[] = [];
  let files = 0;
  for (const [place, indexed] of Object.entries(index.packages)) {
    files += Object.keys(indexed.files).length;
    const tree = expected.get(place) ?? indexed.tree;
    const result = comparePackage({ directory: join(folder, place), indexed, tree, thorough: true });
    if (!result.ok) differences.push(...result.differences.map((each) => ({ place, ...each })));
  }
  for (const place of [...expected.keys()].filter((each) => index.packages[each] === undefined)) {
    differences.push({ place, file: '', kind: 'missing' });
  }
  const known = new Set(places);
  for (const modules of ['node_modules', ...places.map((place) => `${place}/node_modules`)]) {
    for (const place of strayPackages({ folder, modules, places: known })) {
      differences.push({ place, file: '', kind: 'extra' });
    }
  }
  const faults = Object.entries(lock.plugins).flatMap(([name, locked]) => [
    ...manifestFault(folder, name, locked),
    ...signatureFault(lock, name, locked),
  ]);
  return { packages: places.length, files, differences, faults };
}

/** Tree hashes by place. Packages of other platforms are in the lock and need not be here. */
function expectedTrees(lock: Lock): ReadonlyMap<string, string> {
  const trees = new Map<string, string>();
  for (const [place, { tree, optional }] of Object.entries(lock.packages)) {
    if (tree !== undefined && optional !== true) trees.set(place, tree);
  }
  for (const [name, { tree }] of Object.entries(lock.plugins)) trees.set(`node_modules/${name}`, tree);
  return trees;
}

function manifestFault(folder: string, name: string, locked: LockedPlugin): readonly VpError[] {
  const place = `node_modules/${name}`;
  const file = installedPath({ place, file: 'package.json' });
  let found: Json | undefined;
  try {
    found = JSON.parse(readFileSync(join(folder, place, 'package.json'), 'utf8')).vp;
  } catch {
    // A missing or broken file is among the differences already, by name.
    return [];
  }
  if (found !== undefined && jsonHash(found) === locked.manifest) return [];
  const differences = [`the manifest in ${file} is not the one that vp.lock has the hash of`];
  return [errors.VP_LOCK_DRIFT({ differences }, { plugin: name, phase: 'verify', at: { file } })];
}

/** The signature of a plugin, by the keys that the lock itself trusts. */
function signatureFault(lock: Lock, name: string, locked: LockedPlugin): readonly VpError[] {
  const { signature, registry, package: packageName, version, integrity, published } = locked;
  if (signature === undefined) return [];
  const wrong = (why: string) => [
    errors.VP_LOCK_SIGNATURE({ plugin: name, registry, why }, { plugin: name, phase: 'verify' }),
  ];
  const keys = lock.registries[registry]?.keys ?? [];
  const trusted = trustedKeys(
    keys,
    keys.map(({ keyid }) => keyid),
  );
  const key = trusted.find(({ keyid }) => keyid === signature.keyid);
  if (key === undefined) return wrong(`key ${signature.keyid} is none that vp.lock trusts`);
  const message = signedMessage({ name: packageName, version, integrity });
  if (!isSignedBy({ key, message, sig: signature.sig }))
    return wrong('it does not fit version and integrity');
  if (key.expires !== null && !(Date.parse(published ?? '') <= Date.parse(key.expires))) {
    return wrong(`it was published after key ${key.keyid} expired on ${key.expires}`);
  }
  return [];
}
