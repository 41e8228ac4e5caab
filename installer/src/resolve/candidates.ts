import type { VpError } from '@vp/contracts';
import { type PluginPackage, pluginPackageSchema } from '@vp/contracts/manifest';
import { verifyManifests } from '@vp/kernel';
import semver from 'semver';
import type { Packument, PackumentVersion } from '../client/packument.ts';
import { publishedAt } from '../client/packument.ts';
import { errors } from '../errors.ts';
import { type Candidate as PolicyCandidate, policyViolations } from '../policy/index.ts';

/** A version of a plugin that could be installed. */
export interface PluginVersion {
  readonly version: string;
  readonly document: PackumentVersion;
  readonly package: PluginPackage;
}

export interface CandidatesRequest {
  readonly packument: Packument;
  /** A semver range or one exact version. */
  readonly range: string;
  /** Who wants it, in words. */
  readonly by: string;
  readonly registry: string;
  readonly policy: Parameters<typeof policyViolations>[0]['policy'];
  readonly now: Date;
  /** What the registry's signed list says of a version, as it was last seen: a document may keep it quiet. */
  readonly withdrawn?: Withdrawn | undefined;
}

export type Withdrawn = (version: {
  readonly name: string;
  readonly version: string;
  readonly registry: string;
}) => { readonly reason: string; readonly at: string } | undefined;

/** What the policy says of a version before its signature is looked at. */
export function policyFacts(request: {
  readonly packument: Packument;
  readonly version: string;
  readonly registry: string;
}): PolicyCandidate {
  const { packument, version, registry } = request;
  const { license, licenses } = packument.versions[version] ?? {};
  return {
    name: packument.name,
    version,
    registry,
    published: publishedAt(packument, version),
    license: license ?? licenses,
  };
}

/**
 * Versions of a plugin in a range that this vp can use and the policy allows, newest first. Above the one that
 * its author calls `latest` only where there is no other.
 *
 * @throws VpError why there is none
 */
export function candidates(request: CandidatesRequest): readonly [PluginVersion, ...PluginVersion[]] {
  const { packument, range } = request;
  const isExact = semver.valid(range) !== null;
  const wanted = Object.keys(packument.versions)
    .filter((version) => (isExact ? version === semver.valid(range) : semver.satisfies(version, range)))
    .toSorted(semver.rcompare);
  const found: PluginVersion[] = [];
  let reason: VpError | undefined;
  for (const version of wanted) {
    const judged = judge(request, version);
    if ('fault' in judged) reason ??= judged.fault;
    else found.push(judged);
  }
  const { latest } = packument['dist-tags'];
  const settled = found.filter(({ version }) => latest === undefined || semver.lte(version, latest));
  const [first, ...others] = settled.length > 0 ? settled : found;
  if (first === undefined) throw reason ?? noVersion(request);
  return [first, ...others];
}

const ofThisMachine = new Set([
  'VP_PLUGIN_ENGINE',
  'VP_PLUGIN_ENGINE_OPEN',
  'VP_PLUGIN_BAD_RANGE',
  'VP_PLUGIN_CONTRACT_KEY',
]);

function judge(request: CandidatesRequest, version: string): PluginVersion | { readonly fault: VpError } {
  const { packument, registry, policy, now } = request;
  const document = packument.versions[version];
  const name = `${packument.name}@${version}`;
  if (document === undefined) return { fault: noVersion(request) };
  const yanked =
    document.vpRegistry?.yanked ?? request.withdrawn?.({ name: packument.name, version, registry });
  if (yanked !== undefined) {
    const { reason, at } = yanked;
    return { fault: errors.VP_INSTALL_YANKED({ package: name, reason, at }) };
  }
  const parsed = readPackage(document);
  if ('problem' in parsed)
    return { fault: errors.VP_INSTALL_NOT_A_PLUGIN({ package: name, problem: parsed.problem }) };
  const [fault] = verifyManifests([{ name: packument.name, package: parsed.package }]);
  if (fault !== undefined && ofThisMachine.has(fault.code)) return { fault };
  const candidate = policyFacts({ packument, version, registry });
  const [violation] = policyViolations({ policy, candidate, now });
  if (violation !== undefined) return { fault: violation };
  return { version, document, package: parsed.package };
}

/** The part of a version's document that a manifest is made of. */
export function readPackage(
  document: Readonly<Record<string, unknown>>,
): { readonly package: PluginPackage } | { readonly problem: string } {
  if (document.vp === undefined) return { problem: 'its package.json has no "vp" field' };
  const parsed = pluginPackageSchema.safeParse(document);
  if (parsed.success) return { package: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}` };
}

function noVersion({ packument, range, by, registry }: CandidatesRequest): VpError {
  const all = Object.keys(packument.versions).toSorted(semver.rcompare);
  const shown = all.slice(0, 5).join(', ');
  const versions =
    all.length === 0 ? 'none' : all.length > 5 ? `${shown} and ${all.length - 5} older ones` : shown;
  return errors.VP_INSTALL_NO_VERSION({ package: packument.name, wanted: range, by, registry, versions });
}
