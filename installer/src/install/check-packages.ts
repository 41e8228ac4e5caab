import type { VpError } from '@vp/contracts';
import type { Policy } from '@vp/kernel';
import { policyViolations } from '../policy/index.ts';
import type { ChosenVersion } from '../resolve/choose.ts';
import type { PackageSource } from '../source/source.ts';
import { neededBy, type Packages, packageNameAt, placeOf } from '../tree/places.ts';

/**
 * Holds the packages that plugins bring along against the policy: those that are new here.
 *
 * @throws VpError the first rule that is broken; `details.more` has the others
 */
export function checkPackages(request: {
  readonly packages: Packages;
  readonly known: Packages;
  readonly plugins: readonly ChosenVersion[];
  readonly source: PackageSource;
  readonly policy: Policy;
  readonly now: Date;
}): void {
  const { packages, known, plugins, source, policy, now } = request;
  if (policy.deny === undefined && policy.licenses === undefined && policy.registries === undefined) return;
  const roots = plugins.map(({ key }) => placeOf(key));
  const violations: VpError[] = [];
  for (const [place, entry] of Object.entries(packages)) {
    if (roots.includes(place) || known[place]?.integrity === entry.integrity) continue;
    const name = packageNameAt(place, entry);
    const candidate = {
      name,
      version: entry.version ?? '',
      registry: source.registryOf(name),
      license: entry.license,
      neededBy: neededBy(packages, roots, place).join(', '),
    };
    violations.push(...policyViolations({ policy, candidate, now }));
  }
  const [first, ...others] = violations;
  if (first === undefined) return;
  const more = others.map(({ code, message }) => ({ code, message }));
  throw more.length === 0 ? first : Object.assign(first, { details: { ...first.details, more } });
}
