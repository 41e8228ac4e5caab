import { defineErrors } from '@vp/contracts';

const reinstall = 'Install what vp.lock says: vp plugins install --frozen';

/** Errors of what is installed: `VP_LOCK_*`, and plugins that are not what the lock vouches for. */
export const { errors, table: errorTable } = defineErrors({
  VP_LOCK_UNREADABLE: {
    class: 'config',
    summary: 'vp.lock, or the index of what is installed, cannot be read.',
    message: (p: { file: string; reason: string }) => `${p.file} cannot be read: ${p.reason}`,
    hint: () => reinstall,
  },
  VP_LOCK_CONFLICT: {
    class: 'config',
    summary: 'vp.lock holds the conflict markers of a merge.',
    message: (p: { place: string; marker: string }) =>
      `${p.place}: vp.lock holds a merge that is not finished ("${p.marker}").`,
    hint: () => 'Put both sides together, as vp.toml wants them: vp plugins install',
  },
  VP_LOCK_NOT_JSON: {
    class: 'config',
    summary: 'vp.lock is not JSON.',
    message: (p: { place: string; reason: string }) => `${p.place} is not JSON: ${p.reason}`,
    hint: () => 'Take vp.lock from version control again, or make it anew: vp plugins install',
  },
  VP_LOCK_VERSION: {
    class: 'config',
    summary: 'vp.lock is of a version that this vp does not know.',
    message: (p: { file: string; found: string }) =>
      `${p.file} has lockVersion ${p.found}; this vp reads lockVersion 1.`,
    hint: () => 'Use the version of vp that wrote it.',
  },
  VP_LOCK_INVALID: {
    class: 'config',
    summary: 'vp.lock holds what no installer writes: it was edited by hand.',
    message: (p: { file: string; pointer: string; problem: string; suggestion: string }) =>
      `${p.file}: ${p.pointer} ${p.problem}. ${p.suggestion}`.trimEnd(),
    hint: () => 'Take vp.lock from version control again, or make it anew: vp plugins install',
  },
  VP_LOCK_NOT_INSTALLED: {
    class: 'config',
    summary: 'vp.lock lists plugins, and nothing is installed here.',
    message: (p: { folder: string }) => `What vp.lock lists is not installed: there is no ${p.folder}.`,
    hint: () => 'vp plugins install --frozen',
  },
  VP_LOCK_DRIFT: {
    class: 'config',
    summary: 'vp.toml, vp.lock and what is installed do not say the same.',
    message: (p: { differences: readonly string[] }) =>
      `vp.toml, vp.lock and what is installed differ: ${p.differences.join('; ')}.`,
    hint: () => 'vp plugins install',
  },
  VP_PLUGIN_TAMPERED: {
    class: 'config',
    summary: 'A file of an installed package is not as it was when it was installed.',
    message: (p: { plugin: string; file: string; what: string; more: number }) =>
      `${p.plugin} is not what was installed: ${p.file} ${p.what}${p.more === 0 ? '' : `, and ${p.more} more differ`}.`,
    hint: () => `See all differences: vp plugins verify. ${reinstall}`,
  },
  VP_PLUGIN_YANKED: {
    class: 'config',
    summary: 'The registry has withdrawn an installed version.',
    message: (p: { plugin: string; what: string; at: string; reason: string }) =>
      `${p.plugin} cannot be used: ${p.what} was withdrawn by its registry on ${p.at.slice(0, 10)}: ${p.reason.replace(/\.$/, '')}.`,
    hint: (p) =>
      `Take another version (vp plugins upgrade ${p.plugin}), or go back to the one before: vp plugins rollback`,
  },
  VP_PLUGIN_UNVERIFIED: {
    class: 'config',
    summary: 'No vp.lock vouches for a plugin, and the deployment wants to be told, or refuses it.',
    message: (p: { plugin: string; from: string; policy: string }) =>
      `No vp.lock vouches for ${p.plugin} (${p.from}); [policy] unverified is "${p.policy}".`,
    hint: (p) => `Install it: vp plugins install ${p.plugin}`,
  },
  VP_PLUGIN_UNSIGNED: {
    class: 'config',
    summary: 'A locked plugin has no signature of its registry, and the deployment requires one.',
    message: (p: { plugin: string; registry: string; policy: string }) =>
      `${p.plugin} is not signed by ${p.registry}; [policy] signatures is "${p.policy}".`,
    hint: () => 'Install it from a registry that signs, or set signatures = "ignore" in [policy] of vp.toml.',
  },
  VP_LOCK_SIGNATURE: {
    class: 'config',
    summary: 'The signature of a plugin in vp.lock is not valid.',
    message: (p: { plugin: string; registry: string; why: string }) =>
      `The signature of ${p.plugin} by ${p.registry} in vp.lock is not valid: ${p.why}.`,
    hint: (p) => `Install it again from its registry: vp plugins install ${p.plugin}`,
  },
  VP_PLUGIN_NOT_ALLOWED: {
    class: 'config',
    summary: 'The policy of the deployment does not allow a plugin.',
    message: (p: { plugin: string; why: string }) =>
      `[policy] of vp.toml does not allow ${p.plugin}: ${p.why}.`,
    hint: (p) => `Remove ${p.plugin} from [plugins], or change allow and deny of [policy] in vp.toml.`,
  },
  VP_KILL_LIST_UNREADABLE: {
    class: 'config',
    summary: 'The list of withdrawn versions cannot be read.',
    message: (p: { file: string; reason: string }) =>
      `${p.file} cannot be read, so nobody knows which versions were withdrawn: ${p.reason}`,
    hint: (p) => `Remove ${p.file}; it is fetched again at the next start.`,
  },
});
