import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean, type VpError } from '@vp/contracts';
import type { PluginPackage } from '@vp/contracts/manifest';
import { type Lock, type LockedPlugin, lockDigest } from '@vp/contracts/registry';
import { type Policy, readGeneration, readManifest } from '@vp/kernel';
import { errors } from '../errors.ts';
import { readProjectLock } from '../lock/project-lock.ts';
import { firstPartyNames, nearNames } from '../policy/index.ts';
import { type ProjectFile, readProjectFile } from '../project/declared.ts';
import { editPlugins, type PluginEdit } from '../project/vp-toml.ts';
import { type ChosenVersion, chooseVersions } from '../resolve/choose.ts';
import { type Allowance, allow, missingGrants, withGrants } from '../resolve/grants.ts';
import { parseSpec } from '../resolve/spec.ts';
import { establishTrust, type TrustResult } from '../resolve/trust.ts';
import type { PackageSource } from '../source/source.ts';
import { sweep } from '../state/generations.ts';
import { finishPending } from '../state/journal.ts';
import { statePaths } from '../state/paths.ts';
import { holdInstallLock } from '../state/process-lock.ts';
import { idealTree } from '../tree/ideal.ts';
import { type Packages, placeOf, reachable } from '../tree/places.ts';
import type { Platform } from '../tree/platform.ts';
import { type BuiltSet, buildSet, writeFault } from './build-set.ts';
import { changeText, contributionsOf, kindOf, type PluginChange } from './changes.ts';
import { checkPackages } from './check-packages.ts';
import { checkPlugin } from './check-plugin.ts';
import { refuseTakenCommands } from './commands.ts';

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
  readonly policy?: Policy | undefined;
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
  const chosen = await chooseVersions({
    declared: project.plugins.filter(({ key }) => !removed.has(key)),
    specs,
    source,
    policy,
    now,
    lock: before.lock,
    saveExact: request.saveExact,
    renew: new Set(request.renew),
    installed: (key) => installedManifest(projectDir, key, before.lock),
  });
  refuseTakenCommands(chosen, request.builtInCommands ?? []);
  const trust = await establishTrust({ chosen, lock: before.lock, source, policy, now });
  const changes = describe({ chosen, project, lock: before.lock, trust, removed });
  const warnings = [...trust.warnings, ...lookAlikes(changes, before.lock)];
  const proposal: Proposal = { changes, warnings };
  const granted = decideGrants(request, { chosen, project, changes });
  if (dryRun === true) return proposal;
  if (!(await isAgreed(request, proposal))) return { ...proposal, declined: true };
  signal?.throwIfAborted();
  const edits = tomlEdits({ chosen, project, granted, removed });
  const toml = editPlugins(project.text, edits);
  const fields = Object.fromEntries(
    chosen.map((plugin) => {
      const edit = edits.find(({ key }) => key === plugin.key)?.fields ?? {};
      return [plugin.key, { ...project.fields[plugin.key], version: plugin.range, ...edit }];
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

function describe(request: {
  readonly chosen: readonly ChosenVersion[];
  readonly project: ProjectFile;
  readonly lock: Lock | undefined;
  readonly trust: TrustResult;
  readonly removed: ReadonlySet<string>;
}): readonly PluginChange[] {
  const { chosen, project, lock, trust, removed } = request;
  const changes = chosen.flatMap((plugin): PluginChange[] => {
    const { key, manifest, fresh, version } = plugin;
    const declared = project.plugins.find((each) => each.key === key && each.package === plugin.package);
    const permissions = manifest.vp.permissions ?? {};
    const asks = missingGrants(permissions, declared?.grants);
    const kind = kindOf(plugin, lock, asks);
    if (kind === undefined) return [];
    const { badge } = fresh?.document.vpRegistry ?? {};
    const deprecated = fresh?.document.deprecated;
    const from = lock?.plugins[key]?.version;
    return [
      {
        key,
        kind,
        from,
        to: version,
        package: plugin.package,
        description: manifest.description,
        registry: plugin.registry,
        published: trust.versions.get(key)?.published ?? plugin.locked?.published,
        size: fresh?.document.dist.unpackedSize,
        license: manifest.license,
        badge,
        ...(typeof deprecated === 'string' ? { deprecated } : {}),
        signed: (trust.versions.get(key) ?? plugin.locked)?.signature !== undefined,
        isolation: manifest.vp.isolation ?? 'in-process',
        contributions: contributionsOf(manifest),
        permissions,
        asks,
        grants: withGrants(declared?.grants, asks),
      },
    ];
  });
  const kept = new Set(chosen.map(({ key }) => key));
  const gone = Object.entries(lock?.plugins ?? {}).filter(([key]) => !kept.has(key));
  const undeclared = [...removed].filter((key) => lock?.plugins[key] === undefined);
  return [
    ...changes,
    ...gone.map(([key, { package: name, version, registry }]): PluginChange => {
      return { ...removal, key, package: name, from: version, registry };
    }),
    ...undeclared.map((key): PluginChange => ({ ...removal, key, package: key })),
  ];
}

const removal = {
  kind: 'remove',
  signed: false,
  isolation: 'in-process',
  contributions: [],
  permissions: {},
  asks: [],
} as const;

/** New plugins whose names are easily mistaken for others: somebody may count on a slip of the hand. */
function lookAlikes(changes: readonly PluginChange[], lock: Lock | undefined): readonly VpError[] {
  const installed = Object.values(lock?.plugins ?? {}).map((plugin) => plugin.package);
  return changes
    .filter(({ kind }) => kind === 'add' || kind === 'replace')
    .flatMap(({ package: name }) => {
      const [near] = nearNames(name, [...installed, ...firstPartyNames]);
      if (near === undefined) return [];
      return [errors.VP_INSTALL_LOOKALIKE({ package: name, near: near.name, distance: near.distance })];
    });
}

/** Grants of each plugin in the lock and, where they are new, in vp.toml. */
function decideGrants(
  request: InstallRequest,
  about: {
    readonly chosen: readonly ChosenVersion[];
    readonly project: ProjectFile;
    readonly changes: readonly PluginChange[];
  },
): ReadonlyMap<string, LockedPlugin['grants']> {
  const { chosen, project, changes } = about;
  return new Map(
    chosen.map((plugin) => {
      const change = changes.find(({ key }) => key === plugin.key);
      const declared = project.plugins.find(
        (each) => each.key === plugin.key && each.package === plugin.package,
      );
      const grants = declared?.grants;
      if (change === undefined || change.asks.length === 0) return [plugin.key, grants];
      const { grant: allowance = 'all' } = request;
      return [plugin.key, allow({ plugin: plugin.key, grants, missing: change.asks, allowance })];
    }),
  );
}

async function isAgreed(request: InstallRequest, proposal: Proposal): Promise<boolean> {
  const news = proposal.changes.filter(({ kind }) => kind !== 'remove');
  if (news.length === 0 || request.grant !== undefined) return true;
  const answer = await request.approve?.(proposal);
  if (answer !== undefined) return answer;
  throw errors.VP_INSTALL_NOT_APPROVED({ changes: news.map(changeText) });
}

function tomlEdits(request: {
  readonly chosen: readonly ChosenVersion[];
  readonly project: ProjectFile;
  readonly granted: ReadonlyMap<string, LockedPlugin['grants']>;
  readonly removed: ReadonlySet<string>;
}): readonly PluginEdit[] {
  const { chosen, project, granted, removed } = request;
  const edits = chosen.flatMap((plugin): PluginEdit[] => {
    const { key, range } = plugin;
    const declared = project.plugins.find((each) => each.key === key);
    const name = plugin.package === key ? undefined : plugin.package;
    const grants = granted.get(key);
    const isSame =
      declared?.range === range &&
      declared.package === plugin.package &&
      JSON.stringify(declared.grants) === JSON.stringify(grants);
    if (isSame) return [];
    const fields = { version: range, package: name, grants };
    return [{ key, fields }];
  });
  return [...edits, ...[...removed].map((key): PluginEdit => ({ key, fields: undefined }))];
}

function lockedPlugin(request: {
  readonly plugin: ChosenVersion;
  readonly trust: TrustResult;
  readonly staged: { readonly folder: string; readonly all: Packages };
  readonly grants: LockedPlugin['grants'];
}): LockedPlugin {
  const { plugin, trust, staged, grants } = request;
  const { key, locked } = plugin;
  const given = grants === undefined ? {} : { grants };
  if (locked !== undefined) {
    const { grants: _, ...kept } = locked;
    return { ...kept, ...given };
  }
  const entry = staged.all[placeOf(key)] ?? {};
  const facts = trust.versions.get(key);
  return {
    package: plugin.package,
    version: plugin.version,
    registry: plugin.registry,
    integrity: entry.integrity ?? '',
    tree: entry.tree ?? '',
    manifest: checkPlugin(plugin, staged),
    contracts: [
      ...new Set(
        Object.values(plugin.manifest.vp.contributes ?? {}).flatMap((list) =>
          (list ?? []).map(({ contract }) => contract),
        ),
      ),
    ].sort(),
    ...given,
    ...(facts?.signature === undefined ? {} : { signature: facts.signature }),
    ...(facts?.published === undefined ? {} : { published: facts.published }),
  };
}
