import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeThrown, isVpError, type Json } from '@vp/contracts';
import { formatLock, jsonHash, type Lock, lockDigest } from '@vp/contracts/registry';
import { type Generation, readGeneration } from '@vp/kernel';
import { errors } from '../errors.ts';
import type { PluginFields } from '../project/vp-toml.ts';
import type { PackageSource } from '../source/source.ts';
import { crashPoint } from '../state/crash-point.ts';
import { newStage, nextGeneration, sweep } from '../state/generations.ts';
import { commit, readText } from '../state/journal.ts';
import { generationFiles, statePaths } from '../state/paths.ts';
import { isOptional, type Packages, packagesFor, placeOf } from '../tree/places.ts';
import { fitsPlatform, type Platform, thisPlatform } from '../tree/platform.ts';
import { label, type Staged, stage } from '../tree/stage.ts';

/** An installed set that is to be made. */
export interface SetRequest {
  readonly projectDir: string;
  readonly source: PackageSource;
  /** Keys of its plugins. */
  readonly plugins: readonly string[];
  /** All packages, those of other platforms too. Given the folder that the set is built in. */
  readonly packages: (folder: string) => Promise<Packages>;
  /** The lock of the staged set: called once every package lies where it belongs and was hashed. */
  readonly lock: (staged: StagedSet) => Lock;
  /** vp.toml and vp.lock as they were read, and vp.toml as it is to be. */
  readonly before: { readonly toml: string; readonly lock: string | null };
  readonly toml: string;
  /** Text of the lock, where it is not to change by a letter. */
  readonly lockText?: string | undefined;
  /** `[plugins]` as it is to be, for a rollback. */
  readonly fields: Readonly<Record<string, PluginFields>>;
  readonly platform?: Platform | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, all: number) => void) | undefined;
}

export interface StagedSet extends Staged {
  readonly folder: string;
  /** All packages of the lock, with what was learnt of those that are installed here. */
  readonly all: Packages;
}

export interface BuiltSet {
  readonly generation: string;
  readonly lock: Lock;
  readonly digest: string;
  readonly packages: number;
  readonly downloaded: number;
  readonly copied: number;
}

/** Builds a generation beside the present one, checks it, and makes it the present one. Hold the lock. */
export async function buildSet(request: SetRequest): Promise<BuiltSet> {
  const { projectDir } = request;
  let folder: string | undefined;
  try {
    folder = newStage(projectDir);
    return await build(request, folder);
  } catch (error) {
    throw writeFault(error, projectDir);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function build(request: SetRequest, folder: string): Promise<BuiltSet> {
  const { projectDir, source, plugins, signal, progress, platform = thisPlatform() } = request;
  const all = await request.packages(folder);
  const packages = packagesFor(all, plugins.map(placeOf), platform);
  refuseOtherPlatforms(packages, platform);
  crashPoint('resolved');
  const staged = await stage({
    folder,
    packages,
    plugins,
    source,
    present: presentOf(projectDir),
    signal,
    progress,
  });
  crashPoint('staged');
  const lock = request.lock({ ...staged, folder, all: { ...all, ...staged.packages } });
  const digest = lockDigest(lock);
  const { lock: lockPath, toml: tomlPath, generations } = statePaths(projectDir);
  const text = request.lockText ?? formatLock(lock);
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
  write(generationFiles.index, JSON.stringify({ indexVersion: 1, lock: digest, packages: staged.index }));
  write(generationFiles.lock, text);
  write(generationFiles.plugins, JSON.stringify(request.fields));
  signal?.throwIfAborted();
  const generation = nextGeneration(projectDir);
  crashPoint('written');
  renameSync(folder, join(generations, generation));
  const { before, toml } = request;
  if (readText(tomlPath) !== before.toml) throw errors.VP_INSTALL_EDITED({ file: tomlPath });
  if (readText(lockPath) !== before.lock) throw errors.VP_INSTALL_EDITED({ file: lockPath });
  commit(projectDir, {
    format: 1,
    generation,
    lock: { before: before.lock, after: text },
    toml: { before: before.toml, after: toml },
  });
  sweep(projectDir);
  const { downloaded, copied } = staged;
  return { generation, lock, digest, packages: Object.keys(packages).length, downloaded, copied };
}

/** The present generation, if what it says of itself can be read and fits together. */
function presentOf(projectDir: string) {
  let generation: Generation | undefined;
  try {
    generation = readGeneration(projectDir);
    if (generation === undefined) return undefined;
    const text = readFileSync(join(generation.folder, generationFiles.lock), 'utf8');
    const lock: Lock = JSON.parse(text);
    // A generation whose parts do not fit together is no place to copy from.
    return lockDigest(lock) === generation.index.lock
      ? { ...generation, packages: lock.packages }
      : undefined;
  } catch {
    // Damaged: everything is taken from tarballs.
    return undefined;
  }
}

function refuseOtherPlatforms(packages: Packages, platform: Platform): void {
  for (const [place, entry] of Object.entries(packages)) {
    const { os, cpu, libc } = entry;
    if (isOptional(entry) || fitsPlatform({ os, cpu, libc }, platform)) continue;
    const here = [platform.os, platform.cpu, platform.libc].filter((each) => each !== undefined).join('-');
    throw errors.VP_INSTALL_PLATFORM({ package: label(place, entry), here });
  }
}

/** The `vp` field of a staged plugin, with its hash. */
export function stagedManifest(folder: string, key: string): { readonly json: Json; readonly hash: string } {
  const json: Json = JSON.parse(readFileSync(join(folder, placeOf(key), 'package.json'), 'utf8'));
  const vp: Json = Object(json).vp ?? null;
  return { json, hash: jsonHash(vp) };
}

const diskFaults: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EMFILE: 'too many files are open',
};

/** What a fault of the file system means here; any other fault as it is. */
export function writeFault(error: unknown, projectDir: string): unknown {
  if (isVpError(error)) return error;
  const why = diskFaults[String(Object(error).code)];
  if (why === undefined) return error;
  const folder = statePaths(projectDir).plugins;
  return errors.VP_INSTALL_CANNOT_WRITE(
    { folder, why: `${why} (${describeThrown(error)})` },
    { cause: error },
  );
}
