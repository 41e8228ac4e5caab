import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean, type VpError } from '@vp/contracts';
import type { PluginPackage } from '@vp/contracts/manifest';
import { type Lock, type LockedPlugin, lockDigest } from '@vp/contracts/registry';
import { readGeneration, readKillLists, readManifest, withdrawn } from '@vp/kernel';
import { errors } from '../errors.ts';
import { readProjectLock } from '../lock/project-lock.ts';
import type { PlacedPolicy } from '../policy/index.ts';
import { type ProjectFile, readProjectFile } from '../project/declared.ts';
import { editPlugins } from '../project/vp-toml.ts';
import { type ChosenVersion, chooseVersions } from '../resolve/choose.ts';
import type { Allowance } from '../resolve/grants.ts';
import { parseSpec } from '../resolve/spec.ts';
import { establishTrust } from '../resolve/trust.ts';
import type { PackageSource } from '../source/source.ts';
import { sweep } from '../state/generations.ts';
import { finishPending } from '../state/journal.ts';
import { statePaths } from '../state/paths.ts';
import { holdInstallLock } from '../state/process-lock.ts';
import { idealTree } from '../tree/ideal.ts';
import { type Packages, placeOf, reachable } from '../tree/places.ts';
import type { Platform } from '../tree/platform.ts';
import { type BuiltSet, buildSet, writeFault } from './build-set.ts';
import { changeText, type PluginChange } from './changes.ts';
import { checkPackages } from './check-packages.ts';
import { checkPlugin } from './check-plugin.ts';
import { refuseTakenCommands } from './commands.ts';
import { describeChanges, lookAlikes } from './describe.ts';
import { decideGrants, lockedPlugin, tomlEdits } from './outcome.ts';

/** What is about to happen, for somebody to agree to. */
export interface Proposal {
  readonly changes: readonly PluginChange[];
  readonly warnings: readonly VpError[];
}

export interface InstallRequest {
  readonly projectDir: string;
  /** `@vp/postgres@^1`, `pg16=@vp/postgres@2`; without any, what vp.toml lists and the lock lacks. */
  readonly specs?: readonly string[] | undefined;
  /** Key for the one spec. */
  readonly alias?: string | undefined;
  /** Where packages come from, see `registrySource`. */
  readonly source: PackageSource;
  /** Of vp.toml when left out. */
  readonly policy?: PlacedPolicy | undefined;
  /** What plugins may be granted without asking anybody; agrees to the install, too. */
  readonly grant?: Allowance | undefined;
  /**
   * Asks somebody; `undefined` for "there is nobody". Without it, and without `grant`, an install that
   * brings something new is refused.
   */
  readonly approve?: ((proposal: Proposal) => Promise<boolean | undefined>) | undefined;
  /** Writes exact versions into vp.toml. */
  readonly saveExact?: boolean | undefined;
  /** Keys that take the newest version in their range although an older one is locked. */
  readonly renew?: readonly string[] | undefined;
  /** Keys to remove. */
  readonly remove?: readonly string[] | undefined;
  /** Only says what would change. */
  readonly dryRun?: boolean | undefined;
  /** Names of commands that plugins may not take: `plan`, `plugins:list`. */
  readonly builtInCommands?: readonly string[] | undefined;
  readonly platform?: Platform | undefined;
  readonly now?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, all: number) => void) | undefined;
}

export interface InstallResult extends Proposal {
  /** What was made; nothing when everything was there already, or in a dry run. */
  readonly set?: Omit<BuiltSet, 'lock'> | undefined;
  /** Digest of vp.lock afterwards. */
  readonly digest?: string | undefined;
  /** Whether somebody was asked and said no. */
  readonly declined?: boolean | undefined;
}

/**
 * Installs plugins: chooses versions, checks trust and policy, shows what changes, and swaps the installed
 * set when everything of the new one lies there and was verified. Until then the old one works.
 */
export async function installPlugins(request: InstallRequest): Promise<InstallResult> {
  const { projectDir, signal } = request;
  const { busy } = statePaths(projectDir);
  readProjectFile(projectDir);
  try {
    using _ = await holdInstallLock(busy, { signal });
    finishPending(projectDir);
    // Not without await: the lock is held until it is done.
    return await install(request);
  } catch (error) {
    throw writeFault(error, projectDir);
  }
}

/** As {@link installPlugins}, with the lock held. */
async function install(request: InstallRequest): Promise<InstallResult> {
  const { projectDir, source, dryRun, signal } = request;
  const project = readProjectFile(projectDir);
  const policy = request.policy ?? project.policy;
  const now = request.now ?? new Date();
  const before = readProjectLock(projectDir, project.plugins);
  const specs = readSpecs(request);
  const removed = new Set(request.remove ?? []);
  refuseUnknown(removed, project, before.lock);
  const lists = readKillLists(projectDir);
  const chosen = await chooseVersions({
    declared: project.plugins.filter(({ key }) => !removed.has(key)),
    specs,
    source,
    policy,
    now,
    lock: before.lock,
    saveExact: request.saveExact,
    renew: new Set(request.renew),
    withdrawn: (version) => withdrawn(lists, version),
    installed: (key) => installedManifest(projectDir, key, before.lock),
  });
  refuseTakenCommands(chosen, request.builtInCommands ?? []);
  const trust = await establishTrust({ chosen, lock: before.lock, source, policy, now });
  const changes = describeChanges({ chosen, project, lock: before.lock, trust, removed });
  const warnings = [...trust.warnings, ...lookAlikes(changes, before.lock)];
  const proposal: Proposal = { changes, warnings };
  const granted = decideGrants(request, { chosen, project, changes });
  if (dryRun === true) return proposal;
  if (!(await isAgreed(request, proposal))) return { ...proposal, declined: true };
  signal?.throwIfAborted();
  const edits = tomlEdits({ chosen, project, granted, removed });
  const toml = editPlugins(project.text, edits);
  const fields = Object.fromEntries(
    chosen.flatMap(({ key, range }) => {
      const edit = edits.find((each) => each.key === key)?.fields;
      const present = project.fields[key];
      // What an environment alone asks for stays out of [plugins].
      return edit === undefined && present === undefined
        ? []
        : [[key, { ...present, version: range, ...edit }]];
    }),
  );
  const built = before.isMerged ? undefined : presentSet(projectDir, before.lock, chosen, granted);
  if (built !== undefined && toml === project.text) {
    sweep(projectDir);
    return { ...proposal, digest: built };
  }
  const known = before.lock?.packages ?? {};
  const { lock, ...set } = await buildSet({
    projectDir,
    source,
    toml,
    fields,
    signal,
    plugins: chosen.map(({ key }) => key),
    before: { toml: project.text, lock: before.text },
    platform: request.platform,
    progress: request.progress,
    packages: (folder) => treeOf({ chosen, known, source, folder }),
    lock: (staged) => {
      checkPackages({ packages: staged.packages, known, plugins: chosen, source, policy, now });
      for (const plugin of chosen) checkPlugin(plugin, staged);
      const plugins = chosen.map((plugin): [string, LockedPlugin] => {
        return [plugin.key, lockedPlugin({ plugin, trust, staged, grants: granted.get(plugin.key) })];
      });
      const used = new Set(plugins.map(([, { registry }]) => registry));
      const registries = Object.entries(trust.registries).filter(([url]) => used.has(url));
      return {
        lockVersion: 1,
        registries: Object.fromEntries(registries),
        plugins: Object.fromEntries(plugins),
        packages: staged.all,
      };
    },
  });
  return { ...proposal, set, digest: lockDigest(lock) };
}

function refuseUnknown(removed: ReadonlySet<string>, project: ProjectFile, lock: Lock | undefined): void {
  const known = [...project.plugins.map(({ key }) => key), ...Object.keys(lock?.plugins ?? {})];
  for (const key of removed) {
    if (!known.includes(key)) throw errors.VP_INSTALL_NOT_THERE({ key, suggestion: didYouMean(key, known) });
  }
}

function readSpecs({ specs = [], alias }: InstallRequest) {
  if (alias !== undefined && specs.length !== 1) {
    const why = 'an alias is for one plugin';
    throw errors.VP_INSTALL_SPEC({ text: specs.join(' '), why });
  }
  return specs.map((text) => parseSpec(text, alias));
}

/** The manifest of a plugin as it was installed by this lock; not read through a set that is not the lock's. */
function installedManifest(
  projectDir: string,
  key: string,
  lock: Lock | undefined,
): PluginPackage | undefined {
  if (lock?.plugins[key] === undefined) return undefined;
  const file = join(statePaths(projectDir).current, placeOf(key), 'package.json');
  if (!existsSync(file)) return undefined;
  const result = readManifest({ file, plugin: key });
  return result.ok ? result.package : undefined;
}

/** All packages of the set. Where every plugin stays as it is, nobody has to be asked for it. */
async function treeOf(request: {
  readonly chosen: readonly ChosenVersion[];
  readonly known: Packages;
  readonly source: PackageSource;
  readonly folder: string;
}): Promise<Packages> {
  const { chosen, known, source, folder } = request;
  const roots = chosen.map(({ key }) => placeOf(key));
  const isSettled = chosen.every(({ key, locked }) => {
    const entry = known[placeOf(key)];
    return locked !== undefined && entry?.version === locked.version && entry.integrity === locked.integrity;
  });
  if (isSettled) return reachable(known, roots);
  const [first] = chosen;
  const registry = source.registryOf(first?.package ?? '');
  const plugins = chosen.map(({ key, package: name, version, fresh }) => {
    return { key, package: name, version, document: fresh?.packument };
  });
  return idealTree({ plugins, packages: known, source, folder, registry });
}

/** Digest of the lock, when the present generation was made of it and nothing of it changes. */
function presentSet(
  projectDir: string,
  lock: Lock | undefined,
  chosen: readonly ChosenVersion[],
  granted: ReadonlyMap<string, unknown>,
): string | undefined {
  if (lock === undefined || chosen.some(({ locked }) => locked === undefined)) return undefined;
  if (Object.keys(lock.plugins).length !== chosen.length) return undefined;
  const same = chosen.every(({ key, locked }) => {
    return JSON.stringify(locked?.grants ?? null) === JSON.stringify(granted.get(key) ?? null);
  });
  if (!same) return undefined;
  const digest = lockDigest(lock);
  try {
    return readGeneration(projectDir)?.index.lock === digest ? digest : undefined;
  } catch {
    // What cannot be read is built anew.
    return undefined;
  }
}

async function isAgreed(request: InstallRequest, proposal: Proposal): Promise<boolean> {
  const news = proposal.changes.filter(({ kind }) => kind !== 'remove');
  if (news.length === 0 || request.grant !== undefined) return true;
  const answer = await request.approve?.(proposal);
  if (answer !== undefined) return answer;
  throw errors.VP_INSTALL_NOT_APPROVED({ changes: news.map(changeText) });
}
