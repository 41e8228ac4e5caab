import type { VpError } from '@vp/contracts';
import type { LockedPlugin } from '@vp/contracts/registry';
import semver from 'semver';
import type { Policy } from '../config/index.ts';
import { errors } from './errors.ts';

/** A package in one version. */
export interface PackageVersion {
  readonly name: string;
  readonly version: string;
}

/**
 * Whether a pattern of `[policy]` means a version of a package: `@acme/*`, `left-pad@<1.3`,
 * `@acme/x@^2 || ^3`. A `*` stands for any text. `wide` counts prereleases too: what is denied below
 * 2.0.0 is denied in 1.9.0-beta as well; what is allowed below 2.0.0 is not allowed in a beta.
 */
export function matchesPackage(
  pattern: string,
  { name, version }: PackageVersion,
  { wide }: { readonly wide: boolean },
): boolean {
  const cut = pattern.indexOf('@', 1);
  const [names, range] = cut < 0 ? [pattern, '*'] : [pattern.slice(0, cut), pattern.slice(cut + 1)];
  if (!namePattern(names).test(name)) return false;
  return range === '*' || semver.satisfies(version, range, { includePrerelease: wide });
}

const patterns = new Map<string, RegExp>();

function namePattern(text: string): RegExp {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const escaped = text.split('*').map((part) => RegExp.escape(part));
  const made = new RegExp(`^${escaped.join('.*')}$`);
  patterns.set(text, made);
  return made;
}

/** Why the deployment's policy keeps a plugin out, from what is at hand at a start. */
export function policyFault(init: {
  /** Key of `[plugins]`. */
  readonly plugin: string;
  readonly package: PackageVersion;
  /** Unless the plugin is of no lock. */
  readonly locked: LockedPlugin | undefined;
  readonly policy: Policy;
}): VpError | undefined {
  const { plugin, locked, policy } = init;
  const context = { plugin, phase: 'verify' };
  const why = (text: string) => errors.VP_PLUGIN_NOT_ALLOWED({ plugin, why: text }, context);
  const label = `${init.package.name}@${init.package.version}`;
  const denied = policy.deny?.find((pattern) => matchesPackage(pattern, init.package, { wide: true }));
  if (denied !== undefined) return why(`${label} is on the deny list ("${denied}")`);
  if (
    policy.allow !== undefined &&
    !policy.allow.some((pattern) => matchesPackage(pattern, init.package, { wide: false }))
  ) {
    return why(`${label} is not on the allow list (${policy.allow.join(', ') || 'which is empty'})`);
  }
  if (policy.signatures === 'require' && locked !== undefined && locked.signature === undefined) {
    return errors.VP_PLUGIN_UNSIGNED({ plugin, registry: locked.registry, policy: 'require' }, context);
  }
  return undefined;
}
