import { didYouMean } from '@vp/contracts';
import type { KillListEntry } from '@vp/contracts/registry';
import { compare, prerelease, rsort } from 'semver';
import { errors } from '../errors.ts';
import type { RegistryState } from '../state.ts';
import type { PackageDocument, VersionDocument } from '../store/document.ts';

export interface YankRequest {
  readonly name: string;
  readonly version: string;
  /** Only checks. */
  readonly dryRun?: boolean;
}

/** Withdraws a version: the kill list first, which is what installed copies obey. */
export async function yank(
  state: RegistryState,
  request: YankRequest & { readonly reason: string },
): Promise<KillListEntry> {
  const { name, version, reason, dryRun = false } = request;
  return state.changes.run(async () => {
    const document = await existing(state, name, version);
    if (state.killList.find(name, version) !== undefined)
      throw errors.VP_REGISTRY_YANKED({ what: `${name}@${version}`, problem: 'is yanked already' });
    const entry = { package: name, version, reason, at: new Date().toISOString() };
    if (dryRun) return entry;
    await state.killList.add(entry);
    await save(state, withYanks(document, state));
    return entry;
  });
}

/** Takes a yank back. */
export async function unyank(state: RegistryState, request: YankRequest): Promise<void> {
  const { name, version, dryRun = false } = request;
  await state.changes.run(async () => {
    const document = await existing(state, name, version);
    if (state.killList.find(name, version) === undefined)
      throw errors.VP_REGISTRY_YANKED({ what: `${name}@${version}`, problem: 'is not yanked' });
    if (dryRun) return;
    await state.killList.remove(name, version);
    await save(state, withYanks(document, state));
  });
}

/** Makes the documents say what the kill list says, where a process died between the two. */
export async function reconcileYanks(state: RegistryState): Promise<void> {
  for (const name of await state.store.names()) {
    const document = await state.store.read(name);
    if (document === undefined) continue;
    const differs = Object.values(document.versions).some(
      (each) =>
        (each.vpRegistry.yanked === undefined) !== (state.killList.find(name, each.version) === undefined),
    );
    if (differs) await save(state, withYanks(document, state));
  }
}

async function save(state: RegistryState, document: PackageDocument): Promise<void> {
  await state.store.write(document);
  state.catalogue.changed(document);
}

/** The document of a package that has the version, or an error with what there is. */
export async function existing(
  state: Pick<RegistryState, 'store'>,
  name: string,
  version: string | undefined,
): Promise<PackageDocument> {
  const document = await state.store.read(name);
  if (document === undefined) {
    const suggestion = didYouMean(name, await state.store.names());
    throw errors.VP_REGISTRY_PACKAGE_UNKNOWN({ what: name, suggestion });
  }
  if (version !== undefined && !Object.hasOwn(document.versions, version)) {
    const suggestion = didYouMean(version, rsort(Object.keys(document.versions)));
    throw errors.VP_REGISTRY_PACKAGE_UNKNOWN({ what: `${name}@${version}`, suggestion });
  }
  return document;
}

/** A document with each version marked as the kill list has it, and no tag on a yanked one while there is another. */
function withYanks(document: PackageDocument, { killList }: RegistryState): PackageDocument {
  const { name } = document;
  const restored: string[] = [];
  const versions = Object.fromEntries(
    Object.values(document.versions).map((each): [string, VersionDocument] => {
      const { version } = each;
      const { yanked: before, ...facts } = each.vpRegistry;
      const entry = killList.find(name, version);
      if (entry === undefined) {
        if (before === undefined) return [version, each];
        restored.push(version);
        const { deprecated: _, ...plain } = each;
        return [version, { ...plain, vpRegistry: facts }];
      }
      const yanked = { reason: entry.reason, at: entry.at };
      const deprecated = `Yanked: ${entry.reason}`;
      return [version, { ...each, deprecated, vpRegistry: { ...facts, yanked } }];
    }),
  );
  const good = rsort(Object.keys(versions).filter((each) => versions[each]?.vpRegistry.yanked === undefined));
  const best = good.find((each) => prerelease(each) === null) ?? good[0];
  const tags: Record<string, string> = {};
  for (const [tag, version] of Object.entries(document['dist-tags'])) {
    const yanked = !good.includes(version);
    if (tag === 'latest') {
      const back = best !== undefined && restored.includes(best) && compare(best, version) > 0;
      // npm installs nothing of a package without `latest`: with no version left it warns instead.
      tags[tag] = (yanked || back ? best : version) ?? version;
    } else if (!yanked) tags[tag] = version;
  }
  const modified = new Date().toISOString();
  return { ...document, versions, 'dist-tags': tags, time: { ...document.time, modified } };
}
