import { contributionKeys, type Manifest, manifestSchema } from '@vp/contracts/manifest';
import { subset } from 'semver';
import { errors } from '../errors.ts';
import type { PackageJson } from './package-json.ts';
import type { PackedPackage } from './tarball.ts';

/** The manifest of a plugin, once everything that it says was found in its package; none of other packages. */
export function checkManifest(packageJson: PackageJson, packed: PackedPackage): Manifest | undefined {
  if (packageJson.vp === undefined) return undefined;
  const result = manifestSchema.safeParse(packageJson.vp);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path.map(String).join('/') ?? '';
    throw fail(path === '' ? '/vp' : `/vp/${path}`, issue?.message ?? 'it is no manifest');
  }
  const manifest = result.data;
  if (packageJson.type !== 'module') throw fail('/type', 'a plugin is an ES module: "type": "module"');
  checkEngines(packageJson);
  checkContributions(manifest);
  checkFiles(manifest, packed);
  return manifest;
}

const fail = (place: string, problem: string) => errors.VP_REGISTRY_MANIFEST({ place, problem });

function checkEngines({ engines }: PackageJson): void {
  const range =
    typeof engines === 'object' && engines !== null && 'vp' in engines && typeof engines.vp === 'string'
      ? engines.vp
      : undefined;
  if (range === undefined) throw fail('/engines/vp', 'a plugin says which vp it is for, e.g. "^1.0.0"');
  let pinned: boolean;
  try {
    pinned = Array.from({ length: 20 }, (_, major) => `^${major}.0.0-0`).some((each) => subset(range, each));
  } catch {
    throw fail('/engines/vp', `"${range}" is not a range of versions`);
  }
  if (!pinned) throw fail('/engines/vp', `"${range}" does not pin a major; write e.g. "^1.0.0"`);
}

/** One contribution of a manifest, with the place where it stands. */
export interface PlacedContribution {
  readonly place: string;
  readonly point: string;
  readonly major: number;
  readonly value: NonNullable<NonNullable<Manifest['contributes']>['extensions']>[number] &
    Readonly<Record<string, unknown>>;
}

export function contributionsOf(manifest: Manifest): readonly PlacedContribution[] {
  return Object.entries(manifest.contributes ?? {}).flatMap(([key, list]) =>
    (list ?? []).map((value, index) => {
      const [point = '', major = ''] = value.contract.split('@');
      return { place: `/vp/contributes/${key}/${index}`, point, major: Number(major), value };
    }),
  );
}

function checkContributions(manifest: Manifest): void {
  const points: Readonly<Record<string, string>> = contributionKeys;
  const seen = new Map<string, string>();
  for (const { place, point, value } of contributionsOf(manifest)) {
    const wanted = points[place.split('/')[3] ?? ''];
    if (wanted !== undefined && point !== wanted)
      throw fail(`${place}/contract`, `"${value.contract}" does not fill the point ${wanted}`);
    const id = `${point} ${value.id}`;
    const other = seen.get(id);
    if (other !== undefined) throw fail(place, `${id} stands at ${other} already`);
    seen.set(id, place);
  }
}

function checkFiles(manifest: Manifest, packed: PackedPackage): void {
  const has = (place: string, path: string) => {
    if (!packed.has(inPackage(place, path)))
      throw fail(place, `${path} is not in the package; see "files" in package.json`);
  };
  has('/vp/entry', manifest.entry);
  if (manifest.conformance !== undefined) has('/vp/conformance', manifest.conformance);
  for (const { place, value } of contributionsOf(manifest)) {
    for (const key of ['config', 'options']) {
      if (value[key] !== undefined) schemaOf({ place: `${place}/${key}`, schema: value[key], packed });
    }
  }
  for (const [index, { directory }] of (manifest.templates ?? []).entries()) {
    const place = `/vp/templates/${index}/directory`;
    const folder = `${inPackage(place, directory)}/`;
    if (!packed.files.some(({ path }) => path.startsWith(folder)))
      throw fail(place, `${directory} is no folder of the package`);
  }
}

/** A path of a manifest as the tarball has it. */
function inPackage(place: string, path: string): string {
  const segments = path.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  if (segments.some((each) => each === '..' || each === '.' || each === ''))
    throw fail(place, `${path} leads out of the package, or is not written plainly`);
  return segments.join('/');
}

/** A JSON Schema of a manifest: inline, or read from the package. */
export function schemaOf(request: {
  readonly place: string;
  readonly schema: unknown;
  readonly packed: PackedPackage;
}): Readonly<Record<string, unknown>> {
  const { place, schema, packed } = request;
  let value = schema;
  if (typeof schema === 'string') {
    const path = inPackage(place, schema);
    if (!packed.has(path)) throw fail(place, `${schema} is not in the package; see "files" in package.json`);
    try {
      value = JSON.parse(packed.text(path) ?? '');
    } catch (error) {
      throw errors.VP_REGISTRY_MANIFEST({ place, problem: `${schema} is not JSON` }, { cause: error });
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fail(place, 'a JSON Schema is an object');
  return value as Readonly<Record<string, unknown>>;
}
