import { didYouMean, type VpError } from '@vp/contracts';
import { errors } from './errors.ts';
import { isLicense } from './license.ts';
import { isPattern } from './pattern.ts';
import type { PlacedPolicy } from './violations.ts';

/** What of `[policy]` cannot be meant: a pattern with no range, a licence that does not exist. */
export function policyFaults(policy: PlacedPolicy): readonly VpError[] {
  const at = (key: string) => policy.place?.(['policy', key]) ?? '[policy] of vp.toml';
  const patterns = (['allow', 'deny'] as const).flatMap((rule) =>
    (policy[rule] ?? [])
      .filter((pattern) => !isPattern(pattern))
      .map((pattern) => errors.VP_POLICY_BAD_PATTERN({ pattern, rule, place: at(rule) })),
  );
  const licenses = (policy.licenses ?? [])
    .filter((license) => !isLicense(license) && !worded.test(license))
    .map((license) => {
      const suggestion = didYouMean(license, common);
      return errors.VP_POLICY_BAD_LICENSE({ license, place: at('licenses'), suggestion });
    });
  return [...patterns, ...licenses];
}

/** What npm writes where there is no SPDX id: allowed letter by letter. */
const worded = /^(UNLICENSED|SEE LICENSE IN .+)$/;

const common = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Unlicense',
];
