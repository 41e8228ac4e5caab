import { readFile } from 'node:fs/promises';
import type { Json } from '@vp/contracts';
import { jsonHash, signedMessage, type VersionFacts } from '@vp/contracts/registry';
import { gt, prerelease } from 'semver';
import { readPublishBody } from './gate/body.ts';
import { type Passed, passGate } from './gate/gate.ts';
import type { Keyring } from './keys/keyring.ts';
import type { RegistryState } from './state.ts';
import { type PackageDocument, tarballFile, type VersionDocument } from './store/document.ts';
import { createKeyedMutex } from './store/mutex.ts';

export interface Published {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly facts: VersionFacts;
  readonly notes: readonly string[];
}

/** Takes npm's publish bodies: gate, signature, tarball, and last the document that makes it visible. */
export function createPublisher(state: RegistryState): (name: string, body: unknown) => Promise<Published> {
  const { config, store, keyring, changes, catalogue } = state;
  const packages = createKeyedMutex();
  return (name, body) =>
    packages.run(name, async () => {
      const request = readPublishBody(name, body);
      const tarball = (version: string) => readFile(store.tarballPath(name, tarballFile(name, version)));
      const passed = await passGate({ config, request, published: await store.read(name), tarball });
      return changes.run(async () => {
        // Read again: a tag or a yank may have come between.
        const published = await store.read(name);
        const facts = factsOf(passed);
        const added = addVersion({ passed, facts, published, keyring, now: new Date() });
        await store.writeTarball(name, passed.file, request.bytes);
        try {
          await store.write(added.document);
        } catch (error) {
          await store.removeTarball(name, passed.file);
          throw error;
        }
        catalogue.changed(added.document);
        const notes = [...passed.notes, ...added.notes];
        return { name, version: request.version, integrity: passed.digests.integrity, facts, notes };
      });
    });
}

function factsOf({ packed, packageJson, badge }: Passed): VersionFacts {
  return {
    tree: packed.tree,
    manifest: jsonHash((packageJson.vp ?? null) as Json),
    ...(badge === undefined ? {} : { badge }),
  };
}

function addVersion(init: {
  readonly passed: Passed;
  readonly facts: VersionFacts;
  readonly published: PackageDocument | undefined;
  readonly keyring: Keyring;
  readonly now: Date;
}): { readonly document: PackageDocument; readonly notes: readonly string[] } {
  const { passed, facts, published, keyring, now } = init;
  const { request, file, digests, packed, packageJson } = passed;
  const { name, version, metadata } = request;
  const time = now.toISOString();
  const signature = keyring.sign(signedMessage({ name, version, integrity: digests.integrity }));
  const { readme: _, readmeFilename: _f, ...rest } = metadata;
  const versionDocument: VersionDocument = {
    ...rest,
    name,
    version,
    ...(packageJson.description === undefined ? {} : { description: packageJson.description }),
    _id: `${name}@${version}`,
    vpRegistry: facts,
    dist: {
      // Verdaccio puts the address that the client used before the file's name.
      tarball: `http://localhost/${name}/-/${file}`,
      ...digests,
      fileCount: packed.files.length,
      unpackedSize: packed.unpackedSize,
      signatures: [signature],
    },
  };
  const { tags, notes } = retag({ version, asked: request.tags, before: published?.['dist-tags'] ?? {} });
  const document: PackageDocument = {
    _id: name,
    _uplinks: {},
    _distfiles: {},
    ...published,
    name,
    readme: readmeOf(passed),
    versions: { ...published?.versions, [version]: versionDocument },
    'dist-tags': tags,
    time: { created: time, ...published?.time, modified: time, [version]: time },
    _attachments: { ...published?._attachments, [file]: { shasum: digests.shasum, version } },
  };
  return { document, notes };
}

/** `latest` only ever goes up to a stable version: a fix of an older major does not take it back. */
function retag(init: {
  readonly version: string;
  readonly asked: readonly string[];
  readonly before: Readonly<Record<string, string>>;
}): { readonly tags: Record<string, string>; readonly notes: readonly string[] } {
  const { version, asked, before } = init;
  const tags: Record<string, string> = { ...before };
  const notes: string[] = [];
  for (const tag of asked.length === 0 ? ['latest'] : asked) {
    const { latest } = before;
    const stays =
      tag === 'latest' &&
      latest !== undefined &&
      (gt(latest, version) || (prerelease(version) !== null && prerelease(latest) === null));
    if (stays) notes.push(`The tag latest stays at ${latest}.`);
    else tags[tag] = version;
  }
  // npm installs nothing of a package without `latest`.
  tags.latest ??= version;
  return { tags, notes };
}

function readmeOf({ packed }: Passed): string {
  const path = packed.files.find((each) => /^readme(\.(md|markdown))?$/i.test(each.path))?.path;
  return (path === undefined ? undefined : packed.text(path)) ?? '';
}
