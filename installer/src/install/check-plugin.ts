import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@vp/contracts';
import { jsonHash } from '@vp/contracts/registry';
import { errors } from '../errors.ts';
import type { ChosenVersion } from '../resolve/choose.ts';
import { type Packages, placeOf } from '../tree/places.ts';
import { stagedManifest } from './build-set.ts';

/** What must be in the tarball as the registry's document has it: who it is, and what it brings along. */
const facts = ['engines', 'dependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * Holds the package that lies in the stage against what was shown before anybody agreed: an author's
 * document and tarball may differ, a registry's may be tampered with.
 *
 * @returns hash of the manifest
 * @throws VpError `VP_INSTALL_LYING_MANIFEST`, `VP_INSTALL_TREE`
 */
export function checkPlugin(
  plugin: Pick<ChosenVersion, 'key' | 'package' | 'version' | 'locked' | 'fresh'>,
  staged: { readonly folder: string; readonly all: Packages },
): string {
  const { key, package: name, version, locked, fresh } = plugin;
  const about = `${name}@${version}`;
  const { json, hash } = stagedManifest(staged.folder, key);
  const lies = (what: string) => errors.VP_INSTALL_LYING_MANIFEST({ package: about, what }, { plugin: key });
  const tree = staged.all[placeOf(key)]?.tree ?? '';
  const { name: ownName, version: ownVersion } = Object(json);
  if (ownName !== name || ownVersion !== version)
    throw lies(`its package.json is of ${ownName}@${ownVersion}`);
  if (locked !== undefined) {
    if (hash !== locked.manifest) throw lies('its manifest is not the one that vp.lock has the hash of');
    if (tree !== locked.tree)
      throw errors.VP_INSTALL_TREE({ package: about, promised: 'vp.lock', wanted: locked.tree, found: tree });
    return hash;
  }
  if (fresh === undefined) return hash;
  const { document } = fresh;
  const found: Readonly<Record<string, unknown>> = Object(json);
  for (const fact of facts) {
    if (!isDeepStrictEqual(plain(found[fact]), plain(document[fact])))
      throw lies(`"${fact}" of its package.json is another one`);
  }
  if (hash !== jsonHash((document.vp ?? null) as Json))
    throw lies('its manifest, with what it contributes and asks for, is another one');
  const { vpRegistry } = document;
  if (vpRegistry !== undefined && vpRegistry.tree !== tree) {
    const promised = 'its registry';
    throw errors.VP_INSTALL_TREE({ package: about, promised, wanted: vpRegistry.tree, found: tree });
  }
  if (vpRegistry !== undefined && vpRegistry.manifest !== hash)
    throw lies('the registry found another manifest in it when it was published');
  return hash;
}

/** Nothing and an empty list are the same. */
const plain = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value ?? {};
  return { ...value };
};
