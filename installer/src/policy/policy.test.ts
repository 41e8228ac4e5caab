import { VpError } from '@vp/contracts';
import type { Policy } from '@vp/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLicensed, licenseText } from './license.ts';
import { nearNames } from './near-names.ts';
import { matches } from './pattern.ts';
import { type Candidate, policyViolations, policyWarnings } from './violations.ts';

const now = new Date('2026-11-24T12:00:00Z');
const weather: Candidate = {
  name: '@acme/weather',
  version: '1.2.0',
  registry: 'https://npm.acme.dev/',
  published: '2026-11-20T12:00:00Z',
  license: 'MIT',
  signature: {},
};
const open: Policy = { signatures: 'require', unverified: 'allow', kill_list_max_age: '1h' };
const place = (path: readonly string[]) => `vp.toml:7 (${path.join('.')})`;

function broken(rule: Partial<Policy>, change: Partial<Candidate> = {}): readonly string[] {
  const request = { policy: { ...open, ...rule, place }, candidate: { ...weather, ...change }, now };
  return policyViolations(request).map(({ code }) => code);
}

test('a policy without rules refuses nothing that is signed', () => {
  expect(broken({})).toEqual([]);
});

test('deny wins over allow, and counts prereleases; allow does not', () => {
  expect(broken({ allow: ['@acme/*'], deny: ['@acme/weather@<2'] })).toEqual(['VP_POLICY_DENIED']);
  expect(broken({ deny: ['@acme/weather@<2'] }, { version: '1.9.0-beta.1' })).toEqual(['VP_POLICY_DENIED']);
  expect(broken({ deny: ['@acme/weather@<2'] }, { version: '2.0.0' })).toEqual([]);
  expect(broken({ allow: ['@acme/weather@^1'] })).toEqual([]);
  expect(broken({ allow: ['@acme/weather@^2'] }, { version: '2.1.0-beta.1' })).toEqual([
    'VP_POLICY_NOT_ALLOWED',
  ]);
  expect(broken({ allow: ['@vp/*'] })).toEqual(['VP_POLICY_NOT_ALLOWED']);
  // What a plugin needs is its own business, unless it is denied.
  expect(broken({ allow: ['@acme/*'], deny: ['left-pad'] }, { name: 'pg', neededBy: '@acme/x' })).toEqual([]);
  expect(broken({ deny: ['left-pad'] }, { name: 'left-pad', neededBy: '@acme/x' })).toEqual([
    'VP_POLICY_DENIED',
  ]);
});

test('a version is as old as the policy wants, to the second', () => {
  expect(broken({ minimum_release_age: '4d' })).toEqual([]);
  expect(broken({ minimum_release_age: '4d' }, { published: '2026-11-20T12:00:01Z' })).toEqual([
    'VP_POLICY_TOO_YOUNG',
  ]);
  expect(broken({ minimum_release_age: '1h' }, { published: '2027-01-01T00:00:00Z' })).toEqual([
    'VP_POLICY_TOO_YOUNG',
  ]);
  expect(broken({ minimum_release_age: '1h' }, { published: undefined })).toEqual(['VP_POLICY_AGE_UNKNOWN']);
  expect(broken({ minimum_release_age: '1h' }, { published: 'soon', neededBy: 'x' })).toEqual([
    'VP_POLICY_AGE_UNKNOWN',
  ]);
});

test('an error says the rule, its value, where it stands and what next', () => {
  const policy = { ...open, minimum_release_age: '1w', licenses: ['MIT'], place };
  const candidate = { ...weather, license: 'GPL-3.0-only', neededBy: '@acme/x' };
  const [age, license] = policyViolations({ policy, candidate, now });
  expect(age?.message).toBe(
    '@acme/weather@1.2.0 (needed by @acme/x) is 4 days old, and policy.minimum_release_age is "1w" (vp.toml:7 (policy.minimum_release_age)).',
  );
  expect(age?.hint).toContain('2026-11-27T12:00:00.000Z');
  expect(license?.message).toContain(
    'has the licence GPL-3.0-only; policy.licenses (vp.toml:7 (policy.licenses)) has "MIT"',
  );
});

test('what is unsigned is refused, warned of or ignored; what was tampered with is never let pass quietly', () => {
  const missing = new VpError({ code: 'VP_TRUST_UNSIGNED', class: 'config', message: 'Not signed.' });
  const wrong = new VpError({ code: 'VP_TRUST_WRONG_SIGNATURE', class: 'data', message: 'Wrong.' });
  expect(broken({}, { signature: { fault: missing } })).toEqual(['VP_POLICY_UNSIGNED']);
  expect(broken({ signatures: 'warn' }, { signature: { fault: missing } })).toEqual([]);
  expect(broken({ signatures: 'warn' }, { signature: { fault: wrong } })).toEqual([
    'VP_TRUST_WRONG_SIGNATURE',
  ]);
  expect(broken({ signatures: 'ignore' }, { signature: { fault: wrong } })).toEqual([]);
  const warned = (fault: VpError) =>
    policyWarnings({
      policy: { ...open, signatures: 'warn' },
      candidate: { ...weather, signature: { fault } },
      now,
    });
  expect([warned(missing), warned(wrong)]).toEqual([[missing], []]);
});

test('a scope of the policy comes from its registry alone, and a listed registry serves its scopes alone', () => {
  const registries = { 'https://npm.acme.dev': ['@acme'], 'https://registry.npmjs.org/': ['*'] };
  const from = (name: string, registry: string) => broken({ registries }, { name, registry });
  expect([
    from('@acme/weather', 'https://npm.acme.dev/'),
    from('@acme/weather', 'https://registry.npmjs.org/'),
    from('@acme/weather', 'https://elsewhere.dev/'),
    from('pg', 'https://registry.npmjs.org/'),
    from('pg', 'https://npm.acme.dev/'),
    from('pg', 'https://elsewhere.dev/'),
  ]).toEqual([
    [],
    ['VP_POLICY_FOREIGN_REGISTRY'],
    ['VP_POLICY_FOREIGN_REGISTRY'],
    [],
    ['VP_POLICY_REGISTRY'],
    [],
  ]);
});

test('a rule that cannot be read lets nothing pass', () => {
  expect(broken({ deny: ['@acme/weather@latest!'] })).toEqual(['VP_POLICY_BAD_PATTERN']);
  expect(broken({ licenses: ['MTI'] })).toEqual(['VP_POLICY_BAD_LICENSE']);
  expect(broken({ licenses: ['MIT', 'UNLICENSED'] })).toEqual([]);
});

test('licences are read as SPDX expressions, and as npm once wrote them', () => {
  const allowed = ['MIT', 'Apache-2.0', 'GPL-2.0-only WITH Classpath-exception-2.0'];
  const ok = (license: unknown) => isLicensed(licenseText({ license }), allowed);
  expect(
    ['MIT', 'MIT OR GPL-3.0-only', '(GPL-3.0-only OR (MIT AND Apache-2.0))', 'Apache-2.0+'].map(ok),
  ).toEqual([true, true, true, true]);
  expect(
    ['MIT AND GPL-3.0-only', 'Apache 2', 'UNLICENSED', 'GPL-2.0-only', undefined, '', 7].map(ok),
  ).toEqual(Array(7).fill(false));
  expect(ok('Apache-2.0 WITH LLVM-exception')).toBe(true);
  expect(ok('GPL-2.0-only WITH Classpath-exception-2.0')).toBe(true);
  expect(ok({ type: 'MIT', url: 'x' })).toBe(true);
  expect(isLicensed(licenseText({ licenses: [{ type: 'GPL-3.0-only' }, { type: 'MIT' }] }), allowed)).toBe(
    true,
  );
});

test('a pattern matches what its letters say, whatever stands in a name', () => {
  expect(matches({ pattern: '*', name: '@a/b', version: '1.0.0-rc.1', wide: false })).toBe(true);
  expect(matches({ pattern: '@a/*', name: '@ab/c', version: '1.0.0', wide: true })).toBe(false);
  expect(matches({ pattern: '@a/b', name: '@a/bc', version: '1.0.0', wide: true })).toBe(false);
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z.+()\-_$^]{1,20}$/),
      fc.stringMatching(/^[a-z.\-_]{1,20}$/),
      (pattern, name) => {
        expect(matches({ pattern, name, version: '1.0.0', wide: false })).toBe(pattern === name);
      },
    ),
  );
});

test('a name that is easily mistaken for another is found, with its distance', () => {
  const known = ['@vp/postgres', '@vp/files', '@vp/csv', '@acme/weather'];
  const near = (name: string) => nearNames(name, known).map((each) => `${each.name} ${each.distance}`);
  expect(near('@vp/postgres')).toEqual([]);
  expect(near('@vp/postgers')).toEqual(['@vp/postgres 1']);
  expect(near('@vpp/postgres')).toEqual(['@vp/postgres 1']);
  expect(near('@acme/waether')).toEqual(['@acme/weather 1']);
  expect(near('@vp-files/x')).toEqual([]);
  expect(near('vp-files')).toEqual(['@vp/files 2']);
  expect(near('@vp/p0stgres')).toEqual(['@vp/postgres 1']);
  // One owner names things alike.
  expect(near('@vp/tsv')).toEqual([]);
  expect(near('@other/postgres')).toEqual([]);
});
