import { readFile } from 'node:fs/promises';
import { isAbsolute, join, normalize, posix } from 'node:path';
import { describeThrown, type JsonSchema } from '@vp/contracts';
import type { Manifest } from '@vp/contracts/manifest';
import { errors } from './errors.ts';
import type { DescribedManifest } from './manifest-changes.ts';
import { manifestSchemas } from './manifest-schemas.ts';

/** Paths of the schemas that a manifest names, as they stand in the package. */
export function schemaPaths(manifest: Manifest): ReadonlySet<string> {
  const written = manifestSchemas(manifest).map((each) => each.written);
  const paths = written.filter((each) => typeof each === 'string');
  return new Set(paths.map((path) => posix.normalize(path)));
}

/** A manifest with the schemas of its files; one that is missing or broken is an empty one. */
export function describeManifest(
  manifest: Manifest,
  files: ReadonlyMap<string, string>,
  plugin: string,
): DescribedManifest {
  return {
    manifest,
    schema(written) {
      if (typeof written !== 'string') return written;
      const text = files.get(posix.normalize(written));
      return text === undefined ? {} : parsed(text, written, plugin);
    },
  };
}

function parsed(text: string, path: string, plugin: string): JsonSchema {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw errors.VP_UPGRADE_SCHEMA_BROKEN({ plugin, path, problem: describeThrown(error) }, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw errors.VP_UPGRADE_SCHEMA_BROKEN({ plugin, path, problem: 'it is no object' });
}

/** The schema files of an installed package. Those that lie elsewhere are not read. */
export async function installedSchemas(
  directory: string,
  manifest: Manifest,
): Promise<ReadonlyMap<string, string>> {
  const inside = [...schemaPaths(manifest)].filter(
    (path) => !isAbsolute(path) && !normalize(path).startsWith('..'),
  );
  const read = await Promise.all(
    // One that is not there says nothing of the configuration as it was.
    inside.map(
      async (path) => [path, await readFile(join(directory, path), 'utf8').catch(() => '{}')] as const,
    ),
  );
  return new Map(read);
}
