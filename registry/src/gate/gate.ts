import type { Manifest } from '@vp/contracts/manifest';
import type { Badge } from '@vp/contracts/registry';
import type { ResolvedConfig } from '../config/read.ts';
import { errors } from '../errors.ts';
import { type PackageDocument, tarballFile } from '../store/document.ts';
import type { PublishRequest } from './body.ts';
import { decideBadge } from './conformance.ts';
import { checkDigests, type Digests } from './digests.ts';
import { checkManifest } from './manifest.ts';
import { checkName, isPrivate } from './names.ts';
import { checkSameManifest, type PackageJson, packageJsonOf } from './package-json.ts';
import { checkInstallScripts } from './scripts.ts';
import { type PackedPackage, readTarball } from './tarball.ts';
import { checkVersion } from './versions.ts';

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
}

/** Everything that is checked before a version becomes visible. The first objection is thrown. */
export async function passGate({ config, request, published }: GateInit): Promise<Passed> {
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

function checkLicence({ name, license }: PackageJson, allowed: readonly string[]): void {
  if (typeof license !== 'string' || license.trim() === '') throw errors.VP_REGISTRY_LICENCE({ name });
  if (allowed.length > 0 && !allowed.includes(license))
    throw errors.VP_REGISTRY_LICENCE_REFUSED({ name, licence: license, allowed });
}
