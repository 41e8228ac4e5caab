import type { VpError } from '@vp/contracts';
import { lockDigest } from '@vp/contracts/registry';
import {
  type LockDifference,
  lockDifferences,
  type PackageDifference,
  readGeneration,
  readKillLists,
  readLock,
  verifyGeneration,
  withdrawn,
} from '@vp/kernel';
import { errors } from '../errors.ts';
import { readProjectFile } from '../project/declared.ts';
import { contradictions } from './frozen.ts';

/** A withdrawn version that is installed. */
export interface Withdrawn {
  readonly key: string;
  readonly version: string;
  readonly reason: string;
  readonly at: string;
}

/** What a look at everything that is installed found. */
export interface VerifyReport {
  readonly ok: boolean;
  readonly plugins: number;
  readonly packages: number;
  readonly files: number;
  /** Files that were changed, are missing or were added. */
  readonly differences: readonly PackageDifference[];
  /** What vp.toml and vp.lock, or vp.lock and the installed set, say differently. */
  readonly drift: readonly LockDifference[];
  readonly contradictions: readonly string[];
  /** Manifests and signatures that are not what the lock says. */
  readonly faults: readonly VpError[];
  readonly withdrawn: readonly Withdrawn[];
  /** When the oldest list of withdrawn versions was asked for; none was ever, when left out. */
  readonly listsChecked?: string | undefined;
}

/**
 * Reads every byte of what is installed, and holds it against vp.lock: hashes, signatures against the keys
 * that vp.lock trusts, and lists of withdrawn versions. Asks nobody.
 *
 * @throws VpError `VP_INSTALL_NO_LOCK`, `VP_LOCK_*`
 */
export function verifyInstalled(projectDir: string): VerifyReport {
  const project = readProjectFile(projectDir);
  const file = readLock(projectDir);
  if (file === undefined) throw errors.VP_INSTALL_NO_LOCK({ folder: projectDir });
  const { lock } = file;
  const wanted = project.plugins.map(({ key, package: name, range, grants }) => {
    return { name: key, package: name, range, grants };
  });
  const drift = lockDifferences({ lock, wanted });
  const inLock = Object.keys(lock.plugins).flatMap((key) => contradictions(lock, key));
  const generation = readGeneration(projectDir);
  const lists = readKillLists(projectDir);
  const yanked = Object.entries(lock.plugins).flatMap(([key, plugin]): Withdrawn[] => {
    const { package: name, version, registry } = plugin;
    const found = withdrawn(lists, { name, version, registry });
    return found === undefined ? [] : [{ key, version, reason: found.reason, at: found.at }];
  });
  const checked = Object.values(lists?.registries ?? {})
    .map((each) => each.checked)
    .toSorted();
  const common = {
    drift,
    contradictions: [
      ...inLock,
      ...(generation === undefined ? ['vp.lock lists plugins, and nothing is installed here'] : []),
      ...(generation !== undefined && generation.index.lock !== lockDigest(lock)
        ? ['what is installed was made from another vp.lock']
        : []),
    ],
    withdrawn: yanked,
    plugins: Object.keys(lock.plugins).length,
    ...(checked[0] === undefined ? {} : { listsChecked: checked[0] }),
  };
  const found =
    generation === undefined
      ? { packages: 0, files: 0, differences: [], faults: [] }
      : verifyGeneration({ ...generation, lock });
  const ok =
    [found.differences, found.faults, common.drift, common.contradictions, yanked].flat().length === 0;
  return { ok, ...common, ...found };
}
