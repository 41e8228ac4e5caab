import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { contributionKeys, type PluginPackage } from '@vp/contracts/manifest';
import { errors } from './errors.ts';

/** A plugin's package on disk. */
export interface FoundPackage {
  readonly directory: string;
  readonly package: PluginPackage;
  /** As it stands in package.json, beyond what the manifest's schema keeps. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The plugin in a folder. @throws VpError when there is none, or its manifest is not valid */
export async function readPluginPackage(given: string): Promise<FoundPackage> {
  const directory = resolve(given);
  const file = join(directory, 'package.json');
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    const problem = existsSync(directory) ? 'it has no package.json' : 'it does not exist';
    throw errors.VP_KIT_NO_PLUGIN({ given, problem });
  }
  const { readManifest } = await import('@vp/kernel');
  const result = readManifest({ file, plugin: given });
  if (!result.ok) throw result.errors[0];
  return { directory, package: result.package, raw: JSON.parse(readFileSync(file, 'utf8')) };
}

/** A contribution that the manifest names. */
export interface NamedContribution {
  readonly point: string;
  readonly id: string;
}

/** What a manifest contributes to the points of the kernel. */
export function namedContributions({ vp }: PluginPackage): readonly NamedContribution[] {
  const { contributes = {} } = vp;
  return Object.entries(contributionKeys).flatMap(([key, point]) =>
    (contributes[key as keyof typeof contributionKeys] ?? []).map(({ id }) => ({ point, id })),
  );
}
