import { defineErrors } from '@vp/contracts';

interface Signed {
  readonly package: string;
  readonly registry: string;
}

export const { errors, table: errorTable } = defineErrors({
  VP_TRUST_NO_INTEGRITY: {
    class: 'data',
    summary: 'A registry offers a version without a SHA-512 of its tarball.',
    message: (p: Signed) =>
      `${p.registry} offers ${p.package} without a SHA-512 of its tarball, so nothing can be checked.`,
    hint: () => 'Ask who runs the registry to publish the version again.',
  },
  VP_TRUST_UNSIGNED: {
    class: 'config',
    summary: 'A plugin has no signature of its registry.',
    message: (p: Signed) => `${p.package} is not signed by ${p.registry}.`,
    hint: () =>
      'Install it from a registry that signs (vp registry start), or allow it: signatures = "warn" in [policy] of vp.toml.',
  },
  VP_TRUST_NO_KEYS: {
    class: 'config',
    summary: 'A registry signs versions and serves no keys to check the signatures with.',
    message: (p: Signed) => `${p.registry} signs ${p.package}, but serves no keys to check it with.`,
    hint: () => 'Ask who runs the registry to serve /-/npm/v1/keys.',
  },
  VP_TRUST_WRONG_SIGNATURE: {
    class: 'data',
    summary:
      'The signature of a version does not fit what the registry offers: somebody changed one of the two.',
    message: (p: Signed & { key: string; integrity: string }) =>
      `The signature of ${p.package} by key ${p.key} does not fit its content (${p.integrity}): what ${p.registry} offers is not what was signed.`,
    hint: () =>
      'Do not install it. Tell who runs the registry; the version that is installed now stays as it is.',
  },
  VP_TRUST_KEY_EXPIRED: {
    class: 'config',
    summary: 'A version was published after the key that signed it had expired.',
    message: (p: Signed & { key: string; expired: string; published: string }) =>
      `${p.package} is signed by key ${p.key} of ${p.registry}, which expired on ${p.expired}; it was published ${p.published}.`,
    hint: () =>
      'Ask who runs the registry to sign it with the present key: vp registry keys rotate signs everything again.',
  },
  VP_TRUST_KEY_UNKNOWN: {
    class: 'config',
    summary: 'A version is signed by a key that its registry does not list.',
    message: (p: Signed & { key: string; known: readonly string[] }) =>
      `${p.package} is signed by key ${p.key}, which is none of ${p.registry}: ${[...p.known].join(', ') || 'there is none'}.`,
    hint: () =>
      'It was signed for another registry, or by somebody else. Install it from where it was published.',
  },
  VP_TRUST_KEY_NOT_ENDORSED: {
    class: 'config',
    summary: 'A registry signs with a new key that no trusted key vouches for.',
    message: (p: Signed & { key: string; pinned: readonly string[] }) =>
      `${p.registry} signs ${p.package} with key ${p.key}, which none of the keys that vp.lock trusts vouches for (${[...p.pinned].join(', ')}).`,
    hint: (p) =>
      `If the registry was set up anew, compare the key with vp registry status there, then remove "${p.registry}" from "registries" in vp.lock and install again. Otherwise this is not your registry.`,
  },
  VP_TRUST_ENDORSEMENT_FORGED: {
    class: 'data',
    summary: 'A new key of a registry carries an endorsement that a trusted key did not make.',
    message: (p: Signed & { key: string; by: string }) =>
      `Key ${p.key} of ${p.registry} claims that key ${p.by} vouches for it, and that key did not sign it (it signs ${p.package}).`,
    hint: () => 'Do not install from it: somebody answers in place of your registry. Tell who runs it.',
  },
  VP_TRUST_KEY_MALFORMED: {
    class: 'data',
    summary: 'A key of a registry does not have the id that it is listed under.',
    message: (p: Signed & { key: string; actual: string }) =>
      `${p.registry} lists a key as ${p.key} whose bytes are ${p.actual} (it signs ${p.package}).`,
    hint: () => 'Do not install from it: somebody answers in place of your registry. Tell who runs it.',
  },
  VP_TRUST_KILL_LIST_WRONG: {
    class: 'data',
    summary: 'The list of withdrawn versions is not signed by a trusted key of its registry.',
    message: (p: { registry: string; key: string; why: string }) =>
      `The list of withdrawn versions of ${p.registry} is not valid: key ${p.key} ${p.why}.`,
    hint: () => 'The last valid list stays in force. Tell who runs the registry.',
  },
  VP_TRUST_KILL_LIST_REPLAYED: {
    class: 'data',
    summary: 'A registry answers with an older list of withdrawn versions than it did before.',
    message: (p: { registry: string; serial: number; last: number }) =>
      `${p.registry} answers with number ${p.serial} of its list of withdrawn versions; number ${p.last} was seen before.`,
    hint: () =>
      'Somebody plays back an old list, or the registry was restored from a backup: ask who runs it. Number and entries that were seen last stay in force.',
  },
});
