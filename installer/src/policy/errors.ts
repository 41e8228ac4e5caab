import { defineErrors } from '@vp/contracts';

/** Who breaks a rule, and where the rule stands. */
interface Broken {
  /** `@acme/weather@1.2.0`, and for a dependency whose it is. */
  readonly package: string;
  /** `vp.toml:12` */
  readonly place: string;
}

const quoted = (texts: readonly string[]) => [...texts].map((text) => `"${text}"`).join(', ');

export const { errors, table: errorTable } = defineErrors({
  VP_POLICY_DENIED: {
    class: 'config',
    summary: 'A package stands on the deny list of the policy.',
    message: (p: Broken & { pattern: string }) =>
      `${p.package} is not allowed: policy.deny has "${p.pattern}" (${p.place}).`,
    hint: () => 'Choose another version or package; whoever owns the policy may narrow the pattern.',
  },
  VP_POLICY_NOT_ALLOWED: {
    class: 'config',
    summary: 'A plugin stands on no allow list of the policy.',
    message: (p: Broken & { allowed: readonly string[] }) =>
      `${p.package} is not allowed: policy.allow (${p.place}) has ${quoted(p.allowed)}.`,
    hint: (p) =>
      `Add "${p.package.replace(/@[^@]*$/, '')}" to allow in [policy], if whoever owns the policy agrees.`,
  },
  VP_POLICY_TOO_YOUNG: {
    class: 'config',
    summary: 'A version was published too recently for the policy.',
    message: (p: Broken & { minimum: string; age: string; from: string }) =>
      `${p.package} is ${p.age} old, and policy.minimum_release_age is "${p.minimum}" (${p.place}).`,
    hint: (p) => `Choose an older version, or wait until ${p.from}.`,
  },
  VP_POLICY_AGE_UNKNOWN: {
    class: 'config',
    summary: 'The registry does not say when a version was published, and the policy asks for an age.',
    message: (p: Broken & { minimum: string; registry: string }) =>
      `${p.registry} does not say when ${p.package} was published, and policy.minimum_release_age is "${p.minimum}" (${p.place}).`,
    hint: () => 'Install it from a registry that serves the times of its versions.',
  },
  VP_POLICY_UNSIGNED: {
    class: 'config',
    summary: 'A plugin has no valid signature, and the policy requires one.',
    message: (p: Broken & { problem: string }) =>
      `policy.signatures is "require" (${p.place}), and ${p.package} cannot be trusted: ${p.problem}`,
    hint: () =>
      'Install it from a registry that signs (vp registry start). With signatures = "warn" in [policy] it is installed all the same.',
  },
  VP_POLICY_LICENSE: {
    class: 'config',
    summary:
      'The licence of a plugin, or of a package that it needs, is not among those that the policy allows.',
    message: (p: Broken & { license: string; allowed: readonly string[] }) =>
      `${p.package} has the licence ${p.license}; policy.licenses (${p.place}) has ${quoted(p.allowed)}.`,
    hint: (p) =>
      p.license === 'unknown'
        ? 'Ask its author to state an SPDX licence in package.json, or choose another package.'
        : `Choose another package, or add "${p.license}" to licenses in [policy] after your lawyers agree.`,
  },
  VP_POLICY_REGISTRY: {
    class: 'config',
    summary: 'A package comes from a registry that may not serve its scope.',
    message: (p: Broken & { registry: string; allowed: readonly string[] }) =>
      `${p.package} comes from ${p.registry}, which may serve ${quoted(p.allowed) || 'nothing'} by policy.registries (${p.place}).`,
    hint: (p) =>
      `Point its scope at the right registry in .npmrc (@scope:registry=…), or add it to "${p.registry}" in [policy.registries].`,
  },
  VP_POLICY_FOREIGN_REGISTRY: {
    class: 'config',
    summary: 'A scope that the policy binds to one registry is served by another: dependency confusion.',
    message: (p: Broken & { registry: string; scope: string; owners: readonly string[] }) =>
      `${p.package} comes from ${p.registry}, but policy.registries (${p.place}) lets ${p.scope} come from ${quoted(p.owners)} alone.`,
    hint: (p) => `Write into .npmrc: ${p.scope}:registry=${p.owners[0] ?? ''}`,
  },
  VP_POLICY_BAD_PATTERN: {
    class: 'config',
    summary: 'A pattern of the policy cannot be read.',
    message: (p: { pattern: string; rule: string; place: string }) =>
      `policy.${p.rule} has "${p.pattern}" (${p.place}), whose range cannot be read.`,
    hint: () => 'Write a name with * where anything may stand, and a range after @ if need be: "@acme/*@<2".',
  },
  VP_POLICY_BAD_LICENSE: {
    class: 'config',
    summary: 'A licence of the policy is no SPDX id.',
    message: (p: { license: string; place: string; suggestion: string }) =>
      `policy.licenses has "${p.license}" (${p.place}), which is no SPDX id. ${p.suggestion}`.trimEnd(),
    hint: () => 'Ids are listed at https://spdx.org/licenses, e.g. "MIT", "Apache-2.0".',
  },
});
