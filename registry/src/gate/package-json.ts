import type { Json } from '@vp/contracts';
import { canonicalJson } from '@vp/contracts/registry';
import * as z from 'zod';
import { errors } from '../errors.ts';
import type { PackedPackage } from './tarball.ts';

const strings = z.record(z.string(), z.string());

const packageJson = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string().optional(),
  license: z.unknown().optional(),
  scripts: strings.optional(),
  engines: z.unknown().optional(),
  dependencies: strings.optional(),
  optionalDependencies: strings.optional(),
  peerDependencies: strings.optional(),
  vp: z.unknown().optional(),
});

export type PackageJson = z.infer<typeof packageJson>;

/** The package.json inside a tarball: the one that counts. */
export function packageJsonOf(packed: PackedPackage): PackageJson {
  const { file } = packed;
  const text = packed.text('package.json');
  if (text === undefined) throw errors.VP_REGISTRY_TARBALL({ file, problem: 'it has no package.json' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw errors.VP_REGISTRY_TARBALL({ file, problem: 'its package.json is not JSON' }, { cause: error });
  }
  const result = packageJson.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const problem = `its package.json is wrong at ${issue?.path.map(String).join('.') || 'its top'}: ${issue?.message ?? ''}`;
  throw errors.VP_REGISTRY_TARBALL({ file, problem });
}

/** What an installer decides by, and so must be the same in the request and in the package. */
const compared = [
  'vp',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'engines',
  'os',
  'cpu',
  'license',
] as const;

/** Refuses metadata that tells installers something else than the package holds. */
export function checkSameManifest(metadata: Readonly<Record<string, unknown>>, own: PackageJson): void {
  for (const field of ['name', 'version'] as const) {
    if (metadata[field] !== own[field])
      throw errors.VP_REGISTRY_LIES({ field, says: String(metadata[field]), is: own[field] });
  }
  for (const field of compared) {
    const says = comparable(metadata, field);
    const is = comparable(own, field);
    if (says !== is) throw errors.VP_REGISTRY_LIES({ field, says: shorten(says), is: shorten(is) });
  }
}

function comparable(source: Readonly<Record<string, unknown>>, field: (typeof compared)[number]): string {
  const value = source[field];
  if (value === undefined || value === null || field === 'license') return JSON.stringify(value ?? {});
  // npm takes an optional dependency out of the others before it sends them.
  const dropped = field === 'dependencies' ? Object.keys(source.optionalDependencies ?? {}) : [];
  const kept = Array.isArray(value) ? value : Object.entries(value).filter(([key]) => !dropped.includes(key));
  return canonicalJson(
    (Array.isArray(kept) && !Array.isArray(value) ? Object.fromEntries(kept) : kept) as Json,
  );
}

const shorten = (text: string) => (text.length > 120 ? `${text.slice(0, 117)}...` : text);
