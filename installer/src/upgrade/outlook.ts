import type { VpError } from '@vp/contracts';
import semver from 'semver';
import { type Packument, type PackumentVersion, publishedAt } from '../client/packument.ts';
import { type PlacedPolicy, policyViolations } from '../policy/violations.ts';

/** A plugin of a deployment, as it is now. */
export interface PresentPlugin {
  /** Key of `[plugins]`. */
  readonly key: string;
  readonly package: string;
  readonly version: string;
  /** What vp.toml asks for. */
  readonly range: string;
}

/** A newer version that is not offered, and why. */
export interface HeldVersion {
  readonly version: string;
  readonly code: string;
  readonly reason: string;
}

/** What there is for a plugin beyond the version that is in use. */
export interface Outlook extends PresentPlugin {
  readonly registry: string;
  /** The newest that the range and the policy allow; the present one when there is none. */
  readonly wanted: string;
  /** The newest that the policy allows, whatever the range. */
  readonly latest: string;
  /** Newer ones that are withdrawn, too young, denied: the newest within the range and the newest of all. */
  readonly held: readonly HeldVersion[];
  /** Why the version in use was withdrawn, if it was. */
  readonly withdrawn?: string;
}

export interface OutlookRequest {
  readonly plugin: PresentPlugin;
  readonly packument: Packument;
  readonly registry: string;
  readonly policy: PlacedPolicy;
  readonly now: Date;
}

export function outlook(request: OutlookRequest): Outlook {
  const { plugin, packument, registry } = request;
  const stable = semver.prerelease(plugin.version) === null;
  const newer = Object.values(packument.versions)
    .filter(({ version }) => semver.valid(version) !== null && semver.gt(version, plugin.version))
    .toSorted((a, b) => semver.rcompare(a.version, b.version));
  const inRange = newer.filter(({ version }) => semver.satisfies(version, plugin.range));
  // A deployment that runs stable versions is not offered a beta that its range does not name.
  const offered = newer.filter(
    (each) => inRange.includes(each) || !stable || semver.prerelease(each.version) === null,
  );
  const faults = new Map(offered.map((each) => [each.version, heldBack(each, request)]));
  const best = (versions: readonly PackumentVersion[]) =>
    versions.find(({ version }) => faults.get(version) === undefined)?.version;
  const wanted = best(inRange) ?? plugin.version;
  const latest = best(offered) ?? plugin.version;
  const shown = new Set([...inRange.slice(0, 1), ...offered.slice(0, 1)].map(({ version }) => version));
  const held = [...shown].flatMap((version) => {
    const fault = faults.get(version);
    return fault === undefined ? [] : [{ version, code: fault.code, reason: fault.reason }];
  });
  const withdrawn = packument.versions[plugin.version]?.vpRegistry?.yanked?.reason;
  const { key, package: name, version, range } = plugin;
  const present = { key, package: name, version, range };
  return { ...present, registry, wanted, latest, held, ...(withdrawn === undefined ? {} : { withdrawn }) };
}

/** Why a version is not offered, if it is not. Signatures are looked at when it is installed. */
function heldBack(
  version: PackumentVersion,
  request: OutlookRequest,
): { readonly code: string; readonly reason: string } | undefined {
  const { packument, registry, policy, now } = request;
  const yanked = version.vpRegistry?.yanked;
  if (yanked !== undefined) return { code: 'withdrawn', reason: `withdrawn: ${yanked.reason}` };
  const published = publishedAt(packument, version.version);
  const { name, license } = version;
  const [violation]: readonly (VpError | undefined)[] = policyViolations({
    policy,
    candidate: { name, version: version.version, registry, published, license },
    now,
  });
  return violation === undefined ? undefined : { code: violation.code, reason: violation.message };
}
