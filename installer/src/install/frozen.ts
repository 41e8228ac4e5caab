import { existsSync } from 'node:fs';
import type { VpError } from '@vp/contracts';
import { type Lock, lockFile } from '@vp/contracts/registry';
import {
  type Generation,
  lockDifferences,
  type Policy,
  parseLock,
  readGeneration,
  verifyGeneration,
} from '@vp/kernel';
import { errors } from '../errors.ts';
import { type PlacedPolicy, policyViolations } from '../policy/index.ts';
import { type ProjectFile, readProjectFile } from '../project/declared.ts';
import type { PackageSource } from '../source/source.ts';
import { sweep } from '../state/generations.ts';
import { finishPending, readText } from '../state/journal.ts';
import { statePaths } from '../state/paths.ts';
import { holdInstallLock } from '../state/process-lock.ts';
import { placeOf } from '../tree/places.ts';
import type { Platform } from '../tree/platform.ts';
import { verifySignature } from '../trust/index.ts';
import { type BuiltSet, buildSet, writeFault } from './build-set.ts';
import { checkPlugin } from './check-plugin.ts';

export interface FrozenRequest {
  readonly projectDir: string;
  /** Asked only when the installed set is not the lock's already. */
  readonly source: () => Promise<PackageSource>;
  /** Of vp.toml when left out. */
  readonly policy?: PlacedPolicy | undefined;
  readonly dryRun?: boolean | undefined;
  readonly platform?: Platform | undefined;
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, all: number) => void) | undefined;
}

export interface FrozenResult {
  readonly digest: string;
  readonly plugins: Lock['plugins'];
  /** What was made; nothing when everything was there already. */
  readonly set?: Omit<BuiltSet, 'lock'> | undefined;
  /** Why the set that was there is not the lock's: none, another lock, files that differ. */
  readonly because?: string | undefined;
}

/**
 * Installs exactly vp.lock, for CI and workers: refuses when vp.toml asks for something else, reads every byte
 * of what is there, and asks no registry when it is right. Changes neither vp.toml nor vp.lock.
 *
 * @throws VpError `VP_INSTALL_FROZEN`, `VP_INSTALL_NO_LOCK`, `VP_LOCK_*`
 */
export async function installFrozen(request: FrozenRequest): Promise<FrozenResult> {
  const { projectDir, signal } = request;
  const { busy, pending } = statePaths(projectDir);
  if (!existsSync(pending)) {
    // Where everything is right nothing is written: the project may be read-only.
    const { digest, lock, because } = look(request);
    if (because === undefined || request.dryRun === true) return { digest, plugins: lock.plugins, because };
  }
  try {
    using _ = await holdInstallLock(busy, { signal });
    finishPending(projectDir);
    return await build(request);
  } catch (error) {
    throw writeFault(error, projectDir);
  }
}

/** What the lock says, whether it may be installed so, and why what is there has to be made anew. */
function look(request: FrozenRequest) {
  const { projectDir, now = new Date() } = request;
  const project = readProjectFile(projectDir);
  const text = readText(statePaths(projectDir).lock);
  if (text === null) throw errors.VP_INSTALL_NO_LOCK({ folder: projectDir });
  const { lock, digest } = parseLock(text, lockFile);
  refuseDrift(project, lock);
  const policy = request.policy ?? project.policy;
  refusePolicy(lock, { policy, now });
  for (const key of Object.keys(lock.plugins)) checkSignature(lock, key, policy.signatures);
  return { project, text, lock, digest, because: differs(projectDir, lock, digest) };
}

async function build(request: FrozenRequest): Promise<FrozenResult> {
  const { projectDir, signal, progress, platform } = request;
  const { project, text, lock, digest, because } = look(request);
  if (because === undefined || request.dryRun === true) {
    sweep(projectDir);
    return { digest, plugins: lock.plugins, because };
  }
  const source = await request.source();
  const keys = Object.keys(lock.plugins);
  const { lock: __, ...set } = await buildSet({
    projectDir,
    source,
    signal,
    progress,
    platform,
    plugins: keys,
    fields: project.fields,
    toml: project.text,
    before: { toml: project.text, lock: text },
    packages: async () => lock.packages,
    lock: (staged) => {
      for (const [key, locked] of Object.entries(lock.plugins))
        checkPlugin({ key, package: locked.package, version: locked.version, locked }, staged);
      return lock;
    },
    lockText: text,
  });
  return { digest, plugins: lock.plugins, set, because };
}

/** vp.toml against vp.lock, and vp.lock against itself: a line that was edited by hand contradicts another. */
function refuseDrift(project: ProjectFile, lock: Lock): void {
  const wanted = project.plugins.map(({ key, package: name, range, grants }) => {
    return { name: key, package: name, range, grants };
  });
  const differences = [
    ...lockDifferences({ lock, wanted }).map(({ text }) => text),
    ...Object.keys(lock.plugins).flatMap((key) => contradictions(lock, key)),
  ];
  if (differences.length > 0) throw errors.VP_INSTALL_FROZEN({ differences });
}

export function contradictions(lock: Lock, key: string): readonly string[] {
  const plugin = lock.plugins[key];
  const entry = lock.packages[placeOf(key)];
  if (plugin === undefined) return [];
  if (entry === undefined) return [`vp.lock lists ${key}, and has no package for it`];
  return (['version', 'integrity', 'tree'] as const).flatMap((fact) =>
    plugin[fact] === entry[fact]
      ? []
      : [`vp.lock has two values for ${fact} of ${key}: ${plugin[fact]} and ${entry[fact] ?? 'none'}`],
  );
}

function refusePolicy(lock: Lock, request: { readonly policy: Policy; readonly now: Date }): void {
  const { minimum_release_age: _, ...policy } = request.policy;
  const violations: VpError[] = Object.entries(lock.plugins).flatMap(([key, plugin]) => {
    const { package: name, version, registry, published } = plugin;
    const license = lock.packages[placeOf(key)]?.license;
    const candidate = { name, version, registry, published, license };
    return policyViolations({ policy, candidate, now: request.now });
  });
  const [first, ...others] = violations;
  if (first === undefined) return;
  const more = others.map(({ code, message }) => ({ code, message }));
  throw more.length === 0 ? first : Object.assign(first, { details: { ...first.details, more } });
}

/** The signature of a plugin, by the keys that the lock trusts: who edits a lock may not just leave it out. */
function checkSignature(lock: Lock, key: string, policy: Policy['signatures']): void {
  const plugin = lock.plugins[key];
  if (plugin === undefined || policy === 'ignore') return;
  if (plugin.signature === undefined && policy !== 'require') return;
  const { package: name, version, integrity, published, registry, signature } = plugin;
  const pinned = lock.registries[registry]?.keys ?? [];
  verifySignature({
    name,
    version,
    integrity,
    published,
    registry,
    signatures: signature === undefined ? [] : [signature],
    keys: [],
    pinned,
  });
}

/** Why the installed set has to be made anew. Reads every byte of it. */
function differs(projectDir: string, lock: Lock, digest: string): string | undefined {
  let generation: Generation | undefined;
  try {
    generation = readGeneration(projectDir);
  } catch {
    return 'what is installed cannot be read';
  }
  if (generation === undefined) return 'nothing is installed';
  if (generation.index.lock !== digest) return 'what is installed is of another vp.lock';
  const { differences, faults } = verifyGeneration({ ...generation, lock });
  const [fault] = faults;
  // A signature that does not hold is wrong in the lock: installing it again would change nothing.
  if (fault !== undefined && differences.length === 0) throw fault;
  const [first] = differences;
  if (first === undefined) return undefined;
  const more = differences.length > 1 ? `, and ${differences.length - 1} more differ` : '';
  return `${first.place}/${first.file} ${first.kind === 'extra' ? 'was added' : `is ${first.kind}`}${more}`;
}
