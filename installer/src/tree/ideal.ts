import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeThrown, isVpError } from '@vp/contracts';
import type { LockedPackage } from '@vp/contracts/registry';
import type { Packument, PackumentVersion } from '../client/packument.ts';
import { errors } from '../errors.ts';
import type { PackageSource } from '../source/source.ts';
import type { Packages } from './places.ts';
import { prefetchDocuments } from './prefetch.ts';

/** A plugin as one exact version. */
export interface ChosenPlugin {
  readonly key: string;
  readonly package: string;
  readonly version: string;
  /** Known of versions that are new here. */
  readonly document?: Packument | undefined;
}

export interface IdealTreeRequest {
  readonly plugins: readonly ChosenPlugin[];
  /** The tree so far: what still fits stays as it is. */
  readonly packages: Packages;
  readonly source: PackageSource;
  /** An empty folder to work in. */
  readonly folder: string;
  readonly registry: string;
}

/**
 * All packages that these plugins need, one tree, by place: made by npm's own arborist from documents alone.
 * Packages of other platforms are in it. Nothing is downloaded.
 *
 * @throws VpError `VP_INSTALL_DEPENDENCIES`
 */
export async function idealTree(request: IdealTreeRequest): Promise<Packages> {
  const { plugins, packages, folder, registry } = request;
  prefetchDocuments(request);
  const { default: Arborist } = await import('@npmcli/arborist');
  const dependencies = Object.fromEntries(plugins.map((plugin) => [plugin.key, specOf(plugin)]));
  const files = ['package.json', 'package-lock.json'].map((name) => join(folder, name));
  const [manifest = '', lock = ''] = files;
  const known = { ...request.source.packages, ...packages };
  writeFileSync(manifest, JSON.stringify({ name: 'plugins', version: '0.0.0', dependencies }));
  writeFileSync(lock, JSON.stringify(packageLock(dependencies, known)));
  try {
    const arborist = new Arborist({
      // Where .vp is a link, npm's code would take what it finds for packages of another tree.
      path: realpathSync(folder),
      registry,
      packumentCache: documentsOf(request),
      cache: join(folder, '.cache'),
      ignoreScripts: true,
      ignoreExtension: true,
      audit: false,
      fund: false,
      omit: ['dev'],
      allowGit: 'none',
      allowRemote: 'none',
      allowFile: 'none',
      allowDirectory: 'none',
    });
    const tree = await arborist.buildIdealTree();
    return entriesOf(tree.meta.commit().packages, known);
  } catch (error) {
    if (isVpError(error)) throw error;
    const names = plugins.map(({ key, version }) => `${key}@${version}`);
    const reason = describeThrown(error);
    throw errors.VP_INSTALL_DEPENDENCIES({ plugins: names, reason }, { cause: error });
  } finally {
    for (const file of files) rmSync(file, { force: true });
  }
}

const specOf = ({ key, package: name, version }: ChosenPlugin) =>
  key === name ? version : `npm:${name}@${version}`;

function packageLock(dependencies: Readonly<Record<string, string>>, packages: Packages) {
  const entries = Object.entries(packages).map(([place, { tree: _, ...entry }]) => [place, entry]);
  const root = { name: 'plugins', version: '0.0.0', dependencies };
  return {
    name: 'plugins',
    version: '0.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, ...Object.fromEntries(entries) },
  };
}

/** What of an entry says nothing about what is installed. */
const chatter = new Set(['funding', 'deprecated', 'peer', 'extraneous']);

function entriesOf(found: Readonly<Record<string, Record<string, unknown>>>, known: Packages): Packages {
  const all: Record<string, LockedPackage> = {};
  for (const [place, entry] of Object.entries(found)) {
    if (place === '' || entry.extraneous === true) continue;
    const kept: LockedPackage = Object.fromEntries(
      Object.entries(entry).filter(([field]) => !chatter.has(field)),
    );
    const before = known[place];
    const isSame = before !== undefined && before.version === kept.version;
    all[place] =
      isSame && before.tree !== undefined && (kept.inBundle === true || sameBytes(before, kept))
        ? {
            ...kept,
            ...(before.integrity === undefined ? {} : { integrity: before.integrity }),
            tree: before.tree,
          }
        : kept;
  }
  return all;
}

const sameBytes = (a: LockedPackage, b: LockedPackage) =>
  b.integrity === undefined || a.integrity === b.integrity || !b.integrity.startsWith('sha512-');

/** npm's cache of documents, in front of everything that it would ask a registry for. */
function documentsOf({ plugins, source }: IdealTreeRequest) {
  const roots = new Map(plugins.map((plugin) => [plugin.package, plugin.document]));
  return {
    has: () => true,
    async get(key: string): Promise<unknown> {
      const name = nameOf(key);
      if (!roots.has(name)) return source.dependency(name);
      return withOwnPeers(roots.get(name) ?? (await source.packument(name)));
    },
    set: () => {},
    delete: () => {},
  };
}

/** `corgi:https://registry/@acme%2fx` */
const nameOf = (key: string): string =>
  decodeURIComponent(new URL(key.slice(key.indexOf(':') + 1)).pathname.split('/').at(-1) ?? '');

/**
 * A plugin's peers are packages of its own: each plugin may have another version of the SDK, and two majors
 * of one plugin live side by side. npm would want one version for all.
 */
function withOwnPeers(document: Packument): unknown {
  const versions = Object.fromEntries(
    Object.entries(document.versions).map(([version, manifest]) => [version, ownPeers(manifest)]),
  );
  const { name, 'dist-tags': tags } = document;
  return { name, 'dist-tags': tags, versions };
}

function ownPeers(manifest: PackumentVersion) {
  const { peerDependencies = {}, dependencies = {}, ...rest } = manifest;
  const meta: Readonly<Record<string, unknown>> = Object(manifest.peerDependenciesMeta);
  const isOptional = (name: string) => Object(meta[name]).optional === true;
  const peers = Object.entries(peerDependencies);
  return {
    ...rest,
    dependencies: { ...Object.fromEntries(peers.filter(([name]) => !isOptional(name))), ...dependencies },
    peerDependencies: Object.fromEntries(peers.filter(([name]) => isOptional(name))),
  };
}
