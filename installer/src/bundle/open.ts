import type { KillList, Lock } from '@vp/contracts/registry';
import { lockDigest } from '@vp/contracts/registry';
import { parseLock } from '@vp/kernel';
import * as z from 'zod';
import { type Packument, packumentSchema } from '../client/packument.ts';
import type { PackageSource } from '../source/source.ts';
import { type Platform, thisPlatform } from '../tree/platform.ts';
import { errors } from './errors.ts';
import {
  type BundleContents,
  type BundleRegistries,
  bundleRegistriesSchema,
  bundleSignatureSchema,
  contentsSchema,
  members,
} from './format.ts';
import { isSignedContents } from './key.ts';
import { platformText, samePlatform } from './platform.ts';
import { type ArchiveReader, openArchive } from './reader.ts';
import { bundleSource } from './source.ts';

/** A bundle that was checked, byte for byte. */
export interface Bundle extends AsyncDisposable {
  readonly file: string;
  readonly contents: BundleContents;
  /** Key that signed it. */
  readonly keyid: string;
  readonly lock: Lock;
  /** Where the installer takes packages from. */
  readonly source: PackageSource;
  /** Last word of each registry on withdrawn versions. */
  readonly killLists: Readonly<Record<string, KillList>>;
  /** README of a plugin (`@acme/weather@1.2.0`); none when it has none. */
  readme(plugin: string): Promise<string | undefined>;
}

/** Longer than any list of contents. */
const mostContents = 64 * 1024 * 1024;

/**
 * Opens a bundle and checks all of it: its signature, that the key may be trusted, every byte, and that it
 * is for this machine. Nothing is written.
 *
 * @throws VpError `VP_BUNDLE_*`
 */
export async function openBundle(request: {
  readonly file: string;
  /** Ids of keys that may have signed it; anybody on the first contact, when there are none. */
  readonly trusted: readonly string[];
  readonly platform?: Platform | undefined;
}): Promise<Bundle> {
  const { file, trusted, platform = thisPlatform() } = request;
  const archive = await openArchive(file);
  try {
    const { contents, keyid } = await signedContents(archive);
    if (trusted.length > 0 && !trusted.includes(keyid))
      throw errors.VP_BUNDLE_FOREIGN_KEY({ file, key: keyid, trusted });
    await checkFiles(archive, contents);
    if (!contents.platforms.some((each) => samePlatform(each, platform))) {
      const platforms = contents.platforms.map(platformText);
      throw errors.VP_BUNDLE_PLATFORM({ file, platforms, here: platformText(platform) });
    }
    const { lock } = parseLock(
      (await archive.read(members.lock)).toString('utf8'),
      `${file}: ${members.lock}`,
    );
    if (lockDigest(lock) !== contents.lock)
      throw errors.VP_BUNDLE_TAMPERED({ file, part: members.lock, problem: 'is not the one that it lists' });
    const documents: Readonly<Record<string, Packument>> = await parsed({
      archive,
      name: members.documents,
      schema: z.record(z.string(), packumentSchema),
    });
    const registries: BundleRegistries = await parsed({
      archive,
      name: members.registries,
      schema: bundleRegistriesSchema,
    });
    return {
      file,
      contents,
      keyid,
      lock,
      source: bundleSource({ archive, contents, lock, documents, registries }),
      killLists: Object.fromEntries(
        Object.entries(registries).flatMap(([url, { killList }]) =>
          killList === undefined ? [] : [[url, killList] as const],
        ),
      ),
      async readme(plugin) {
        const name = contents.readmes[plugin];
        return name === undefined ? undefined : (await archive.read(name)).toString('utf8');
      },
      [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose](),
    };
  } catch (error) {
    await archive[Symbol.asyncDispose]();
    throw error;
  }
}

async function signedContents(
  archive: ArchiveReader,
): Promise<{ readonly contents: BundleContents; readonly keyid: string }> {
  const { file } = archive;
  for (const name of [members.contents, members.signature]) {
    const size = archive.members.get(name)?.size;
    if (size === undefined) throw errors.VP_BUNDLE_NOT_ONE({ file, problem: `it has no ${name}` });
    if (size > mostContents) throw errors.VP_BUNDLE_NOT_ONE({ file, problem: `its ${name} is too large` });
  }
  const bytes = await archive.read(members.contents);
  const signature = await parsed({ archive, name: members.signature, schema: bundleSignatureSchema });
  if (!isSignedContents(bytes, signature))
    throw errors.VP_BUNDLE_WRONG_SIGNATURE({ file, key: signature.keyid });
  const contents = await parsed({ archive, name: members.contents, schema: contentsSchema });
  return { contents, keyid: signature.keyid };
}

/** Every member is listed with its size and hash, and everything that is listed is there. */
async function checkFiles(
  archive: ArchiveReader,
  { files, packages, readmes }: BundleContents,
): Promise<void> {
  const { file } = archive;
  const fault = (part: string, problem: string) => errors.VP_BUNDLE_TAMPERED({ file, part, problem });
  const own: readonly string[] = [members.contents, members.signature];
  for (const name of archive.members.keys())
    if (files[name] === undefined && !own.includes(name)) throw fault(name, 'is not on its list of contents');
  for (const name of [...Object.values(packages), ...Object.values(readmes)])
    if (files[name] === undefined) throw fault(name, 'is not on its list of contents');
  for (const [name, { size, sha256 }] of Object.entries(files)) {
    const found = archive.members.get(name);
    if (found === undefined) throw fault(name, 'is missing');
    if (found.size !== size || (await archive.sha256(name)) !== sha256) throw fault(name, 'was changed');
  }
}

async function parsed<T extends z.ZodType>(request: {
  readonly archive: ArchiveReader;
  readonly name: string;
  readonly schema: T;
}): Promise<z.infer<T>> {
  const { archive, name, schema } = request;
  let json: unknown;
  try {
    json = JSON.parse((await archive.read(name)).toString('utf8'));
  } catch (error) {
    const problem = `its ${name} is no JSON`;
    throw errors.VP_BUNDLE_NOT_ONE({ file: archive.file, problem }, { cause: error });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const problem = `${name} has ${issue?.path.join('.')} that this vp does not understand (${issue?.message})`;
  throw errors.VP_BUNDLE_NOT_ONE({ file: archive.file, problem });
}
