import { validRange } from 'semver';
import * as z from 'zod';
import { errors } from './errors.ts';
import { existing } from './kill-list/yank.ts';
import type { RegistryState } from './state.ts';
import type { PackageDocument } from './store/document.ts';

/** Points a tag at a version (`npm dist-tag add`), or takes it away. */
export async function setTag(
  state: RegistryState,
  request: { readonly name: string; readonly tag: string; readonly version: string | undefined },
): Promise<PackageDocument> {
  const { name, tag, version } = request;
  if (validRange(tag) !== null)
    throw errors.VP_REGISTRY_BAD_REQUEST({ problem: `the tag "${tag}" would read as a range of versions` });
  return state.changes.run(async () => {
    const document = await existing(state, name, version);
    const { [tag]: _, ...others } = document['dist-tags'];
    if (version === undefined && tag === 'latest')
      throw errors.VP_REGISTRY_IMMUTABLE({ what: 'Removing the tag latest' });
    if (version !== undefined && state.killList.find(name, version) !== undefined)
      throw errors.VP_REGISTRY_YANKED({ what: `${name}@${version}`, problem: 'is yanked and gets no tag' });
    return save(state, {
      ...document,
      'dist-tags': version === undefined ? others : { ...others, [tag]: version },
    });
  });
}

const deprecation = z.looseObject({
  versions: z.record(z.string(), z.looseObject({ deprecated: z.string().optional() })),
});

/** What `npm deprecate` sends: the whole document, of which nothing but the texts is taken. */
export async function deprecate(
  state: RegistryState,
  name: string,
  body: unknown,
): Promise<readonly string[]> {
  const result = deprecation.safeParse(body);
  if (!result.success)
    throw errors.VP_REGISTRY_BAD_REQUEST({ problem: 'it neither publishes a version nor deprecates one' });
  const asked = result.data.versions;
  return state.changes.run(async () => {
    const document = await existing(state, name, undefined);
    const changed: string[] = [];
    const versions = Object.fromEntries(
      Object.entries(document.versions).map(([version, before]) => {
        const text = asked[version]?.deprecated;
        const same = text === undefined || text === (before.deprecated ?? '');
        // Why a version was yanked stays readable.
        if (same || before.vpRegistry.yanked !== undefined) return [version, before];
        changed.push(version);
        const { deprecated: _, ...plain } = before;
        return [version, text === '' ? plain : { ...plain, deprecated: text }];
      }),
    );
    if (changed.length > 0) await save(state, { ...document, versions });
    return changed;
  });
}

async function save(state: RegistryState, document: PackageDocument): Promise<PackageDocument> {
  const next = { ...document, time: { ...document.time, modified: new Date().toISOString() } };
  await state.store.write(next);
  state.catalogue.changed(next);
  return next;
}
