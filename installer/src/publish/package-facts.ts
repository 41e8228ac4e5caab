import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isVpError } from '@vp/contracts';
import { contributionKeys, type Manifest } from '@vp/contracts/manifest';
import { parseManifest } from '@vp/kernel';
import * as z from 'zod';
import { errors } from './errors.ts';

const names = z.record(z.string(), z.string()).optional();

/** What publishing looks at in a package.json. Others pass. */
const packSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().default(''),
  private: z.boolean().optional(),
  type: z.string().optional(),
  license: z.unknown().optional(),
  scripts: names,
  engines: names,
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  bundleDependencies: z.unknown().optional(),
  bundledDependencies: z.unknown().optional(),
});

export interface PackageFacts {
  readonly directory: string;
  readonly pack: z.infer<typeof packSchema>;
  /** Of a plugin; packages that are none (the SDK, the contracts) are published as well. */
  readonly manifest: Manifest | undefined;
}

/** @throws VpError when there is no package.json, or its manifest is not valid */
export async function readPackage(init: {
  readonly directory: string;
  /** Whether a package without a `vp` field is refused. */
  readonly plugin: boolean;
}): Promise<PackageFacts> {
  const { directory, plugin } = init;
  const file = join(directory, 'package.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw errors.VP_PUBLISH_NO_PACKAGE({ directory }, { cause });
  }
  const parsed = parseManifest({ text, file, plugin: directory });
  if (!parsed.ok) {
    const [first] = parsed.errors;
    const isOther = !plugin && isVpError(first) && first.code === 'VP_MANIFEST_NO_PLUGIN';
    if (!isOther) throw first;
  }
  const pack = packSchema.safeParse(JSON.parse(text));
  if (!pack.success) {
    const problem = z.prettifyError(pack.error).replaceAll(/\s*\n\s*/g, ' ');
    throw errors.VP_PUBLISH_PACKAGE_INVALID({ file, problem });
  }
  return { directory, pack: pack.data, manifest: parsed.ok ? parsed.package.vp : undefined };
}

/** A file that the manifest promises. */
export interface NamedFile {
  readonly what: string;
  readonly path: string;
}

/** The files that a manifest names: without them the plugin does not load. */
export function namedFiles(manifest: Manifest): readonly NamedFile[] {
  const files: NamedFile[] = [{ what: 'entry', path: manifest.entry }];
  for (const key of [...Object.keys(contributionKeys), 'extensions'] as (keyof typeof contributionKeys)[]) {
    for (const contribution of manifest.contributes?.[key] ?? []) {
      for (const kind of ['config', 'options'] as const) {
        const schema: unknown = Reflect.get(contribution, kind);
        if (typeof schema === 'string')
          files.push({ what: `schema of ${contribution.id} (${kind})`, path: schema });
      }
    }
  }
  for (const { id, directory } of manifest.templates ?? [])
    files.push({ what: `template ${id}`, path: directory });
  return files.map(({ what, path }) => ({ what, path: path.replace(/^\.\//, '').replace(/\/$/, '') }));
}
