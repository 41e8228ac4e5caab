import { type Manifest, manifestSchema } from '@vp/contracts/manifest';
import type { Badge } from '@vp/contracts/registry';
import type { ResolvedConfig } from '../config/read.ts';
import { errors } from '../errors.ts';
import { type PackageDocument, tarballFile } from '../store/document.ts';
import type { PublishRequest } from './body.ts';
import { breakingChanges } from './breaking.ts';
import { decideBadge } from './conformance.ts';
import { checkDigests, type Digests } from './digests.ts';
import { checkManifest } from './manifest.ts';
import { checkName, isPrivate } from './names.ts';
import { checkSameManifest, type PackageJson, packageJsonOf } from './package-json.ts';
import { checkInstallScripts } from './scripts.ts';
import { type PackedPackage, readTarball } from './tarball.ts';
import { baseVersion, checkVersion } from './versions.ts';

/** A package that may be published, and what was found of it. */
export interface Passed {
  readonly request: PublishRequest;
  readonly file: string;
  readonly digests: Digests;
  readonly packed: PackedPackage;
  readonly packageJson: PackageJson;
  readonly manifest: Manifest | undefined;
  readonly badge: Badge | undefined;
  /** What the publisher should know of a publish that went well. */
  readonly notes: readonly string[];
}

interface GateInit {
  readonly config: ResolvedConfig;
  readonly request: PublishRequest;
  /** What is published of the package already. */
  readonly published: PackageDocument | undefined;
  /** Reads the tarball of a published version. */
  readonly tarball: (version: string) => Promise<Uint8Array>;
}

/** Everything that is checked before a version becomes visible. The first objection is thrown. */
export async function passGate(init: GateInit): Promise<Passed> {
  const { config, request, published } = init;
  const { name, version, bytes, metadata } = request;
  checkName(name);
  if (config.upstream !== undefined && !isPrivate(name, config) && published === undefined)
    throw errors.VP_REGISTRY_NOT_PRIVATE({ name });
  checkVersion({ name, version, published: Object.keys(published?.versions ?? {}) });
  const file = tarballFile(name, version);
  if (bytes.length > config.max_package_bytes)
    throw errors.VP_REGISTRY_TOO_LARGE({ what: file, size: bytes.length, limit: config.max_package_bytes });
  const digests = checkDigests({ file, bytes, dist: metadata.dist });
  const { max_unpacked_bytes: maxUnpackedBytes, max_files: maxFiles } = config.gate;
  const packed = await readTarball({ bytes, file, limits: { maxUnpackedBytes, maxFiles } });
  const packageJson = packageJsonOf(packed);
  checkSameManifest(metadata, packageJson);
  checkInstallScripts({ packageJson, packed, allowed: config.allow_install_scripts });
  checkLicence(packageJson, config.gate.licences);
  const manifest = checkManifest(packageJson, packed);
  await checkPromises(init, { manifest, packed });
  const notes: string[] = [];
  let badge: Badge | undefined;
  if (manifest !== undefined) {
    const decision = decideBadge({ manifest, packageJson, packed });
    badge = decision.badge;
    if (decision.why !== undefined && config.gate.conformance === 'require')
      throw errors.VP_REGISTRY_MANIFEST({ place: '/vp/conformance', problem: decision.why });
    if (decision.why !== undefined) notes.push(`Published without a badge: ${decision.why}.`);
  }
  return { request, file, digests, packed, packageJson, manifest, badge, notes };
}

/** Refuses what breaks the version before it, unless its major says so. */
async function checkPromises(
  init: GateInit,
  now: { readonly manifest: Manifest | undefined; readonly packed: PackedPackage },
): Promise<void> {
  const { request, published, tarball, config } = init;
  if (config.gate.breaking_changes === 'allow') return;
  // A version that was withdrawn promises nothing.
  const standing = Object.values(published?.versions ?? {}).filter(
    (each) => each.vpRegistry.yanked === undefined,
  );
  const versions = standing.map((each) => each.version);
  const base = baseVersion(request.version, versions);
  const before = manifestSchema.safeParse(base === undefined ? undefined : published?.versions[base]?.vp);
  if (base === undefined || !before.success) return;
  const changes: string[] = [];
  if (now.manifest === undefined) changes.push('it is no plugin any more');
  else {
    const limits = { maxUnpackedBytes: Number.POSITIVE_INFINITY, maxFiles: Number.POSITIVE_INFINITY };
    const packed = await readTarball({
      bytes: await tarball(base),
      file: tarballFile(request.name, base),
      limits,
    });
    changes.push(
      ...breakingChanges({ manifest: before.data, packed }, { manifest: now.manifest, packed: now.packed }),
    );
  }
  if (changes.length > 0) throw errors.VP_REGISTRY_BREAKING({ version: request.version, base, changes });
}

function checkLicence({ name, license }: PackageJson, allowed: readonly string[]): void {
  if (typeof license !== 'string' || license.trim() === '') throw errors.VP_REGISTRY_LICENCE({ name });
  if (allowed.length > 0 && !allowed.includes(license))
    throw errors.VP_REGISTRY_LICENCE_REFUSED({ name, licence: license, allowed });
}
