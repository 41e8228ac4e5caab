import type { VpError } from '@vp/contracts';
import type { Policy } from '@vp/kernel';
import { baseUrl } from '../npm/options.ts';
import { ageText, durationMs } from './age.ts';
import { policyFaults } from './check-policy.ts';
import { errors } from './errors.ts';
import { isLicensed, licenseText } from './license.ts';
import { matches } from './pattern.ts';

/** A version that somebody wants to install, as far as the policy looks at it. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
  /** Base URL of the registry that it comes from. */
  readonly registry: string;
  /** ISO 8601, where the registry says so. */
  readonly published?: string | undefined;
  /** As in package.json, whatever stands there. */
  readonly license?: unknown;
  /** For a plugin: the fault that `verifySignature` found, if any. */
  readonly signature?: { readonly fault?: VpError | undefined };
  /** The plugin that needs it, for a package that is none itself. */
  readonly neededBy?: string | undefined;
}

/** `[policy]`, and where it stands: refusals say so. */
export interface PlacedPolicy extends Policy {
  /** Where a key of vp.toml stands (`['policy', 'deny']`): `vp.toml:12`. */
  readonly place?: ((path: readonly string[]) => string) | undefined;
}

export interface PolicyRequest {
  readonly policy: PlacedPolicy;
  readonly candidate: Candidate;
  readonly now: Date;
}

/**
 * Every rule of `[policy]` that a version breaks. `allow`, `minimum_release_age` where the age is not known, and
 * signatures are about plugins alone; deny list, licences, registries and known ages also about what they need.
 */
export function policyViolations(request: PolicyRequest): readonly VpError[] {
  // A pattern that cannot be read denies nothing, so nothing passes before it is mended.
  const faults = policyFaults(request.policy);
  return faults.length > 0 ? faults : rules.flatMap((rule) => rule(request));
}

/** What the policy wants said, and does not refuse: `signatures = "warn"`. */
export function policyWarnings({ policy, candidate }: PolicyRequest): readonly VpError[] {
  const fault = candidate.signature?.fault;
  return policy.signatures === 'warn' && fault !== undefined && !isTampered(fault) ? [fault] : [];
}

type Rule = (request: PolicyRequest) => readonly VpError[];

const rules: readonly Rule[] = [deny, allow, releaseAge, signatures, licenses, registries];

function facts({ candidate, policy }: PolicyRequest, key: string) {
  const { name, version, neededBy } = candidate;
  const whose = neededBy === undefined ? '' : ` (needed by ${neededBy})`;
  return {
    package: `${name}@${version}${whose}`,
    place: policy.place?.(['policy', key]) ?? '[policy] of vp.toml',
  };
}

function deny(request: PolicyRequest) {
  const { policy, candidate } = request;
  const pattern = policy.deny?.find((each) => matches({ ...candidate, pattern: each, wide: true }));
  return pattern === undefined ? [] : [errors.VP_POLICY_DENIED({ ...facts(request, 'deny'), pattern })];
}

function allow(request: PolicyRequest) {
  const { policy, candidate } = request;
  if (policy.allow === undefined || candidate.neededBy !== undefined) return [];
  if (policy.allow.some((each) => matches({ ...candidate, pattern: each, wide: false }))) return [];
  return [errors.VP_POLICY_NOT_ALLOWED({ ...facts(request, 'allow'), allowed: policy.allow })];
}

function releaseAge(request: PolicyRequest) {
  const { policy, candidate, now } = request;
  const minimum = policy.minimum_release_age;
  if (minimum === undefined) return [];
  const about = { ...facts(request, 'minimum_release_age'), minimum };
  const published = Date.parse(candidate.published ?? '');
  if (Number.isNaN(published)) {
    if (candidate.neededBy !== undefined && candidate.published === undefined) return [];
    return [errors.VP_POLICY_AGE_UNKNOWN({ ...about, registry: candidate.registry })];
  }
  const from = published + durationMs(minimum);
  if (from <= now.getTime()) return [];
  const age = ageText(Math.max(0, now.getTime() - published));
  return [errors.VP_POLICY_TOO_YOUNG({ ...about, age, from: new Date(from).toISOString() })];
}

function signatures(request: PolicyRequest): readonly VpError[] {
  const { policy, candidate } = request;
  const fault = candidate.signature?.fault;
  if (fault === undefined || policy.signatures === 'ignore') return [];
  if (isTampered(fault)) return [fault];
  if (policy.signatures === 'warn') return [];
  const about = facts(request, 'signatures');
  return [errors.VP_POLICY_UNSIGNED({ ...about, problem: fault.message }, { cause: fault })];
}

/** Content that somebody changed is refused whatever the policy says, as long as it looks. */
const isTampered = (fault: VpError) => fault.class === 'data';

function licenses(request: PolicyRequest) {
  const { policy, candidate } = request;
  const allowed = policy.licenses;
  const license = licenseText(candidate);
  if (allowed === undefined || isLicensed(license, allowed)) return [];
  return [errors.VP_POLICY_LICENSE({ ...facts(request, 'licenses'), license, allowed })];
}

function registries(request: PolicyRequest) {
  const { policy, candidate } = request;
  if (policy.registries === undefined) return [];
  const about = { ...facts(request, 'registries'), registry: candidate.registry };
  const rule = Object.entries(policy.registries).map(([url, scopes]) => ({ url: baseUrl(url), scopes }));
  const from = rule.find(({ url }) => url === baseUrl(candidate.registry));
  const scope = candidate.name.startsWith('@') ? candidate.name.slice(0, candidate.name.indexOf('/')) : '';
  const owners = rule.filter(({ scopes }) => scope !== '' && scopes.includes(scope)).map(({ url }) => url);
  if (owners.length > 0) {
    if (from !== undefined && owners.includes(from.url)) return [];
    return [errors.VP_POLICY_FOREIGN_REGISTRY({ ...about, scope, owners })];
  }
  if (from === undefined || from.scopes.includes('*')) return [];
  return [errors.VP_POLICY_REGISTRY({ ...about, allowed: from.scopes })];
}
