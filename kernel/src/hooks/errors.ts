import { defineErrors } from '@vp/contracts';

/** Errors of hooks: `VP_HOOK_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_HOOK_TAP_FAILED: {
    class: 'plugin',
    summary: 'A plugin threw in a hook.',
    message: (p: { hook: string; plugin: string; reason: string }) =>
      `${p.plugin} failed in hook ${p.hook}: ${p.reason}`,
    hint: (p) => `Report it to the author of ${p.plugin}, or remove the plugin from [plugins] in vp.toml.`,
  },
  VP_HOOK_TAP_TIMEOUT: {
    class: 'plugin',
    summary: 'A plugin did not come back from a hook in time.',
    message: (p: { hook: string; plugin: string; ms: number }) =>
      `${p.plugin} did not come back from hook ${p.hook} within ${p.ms} ms and was given up.`,
    hint: (p) => `If ${p.plugin} needs longer, its tap may ask for more with { timeoutMs }.`,
  },
  VP_HOOK_TAPS_FAILED: {
    class: 'plugin',
    summary: 'Several plugins failed in one parallel hook.',
    message: (p: { hook: string; reasons: readonly string[] }) =>
      `${p.reasons.length} taps failed in hook ${p.hook}: ${p.reasons.join(' · ')}`,
    hint: () => 'Each is a fault of its own; the causes name the plugins.',
  },
  VP_HOOK_KIND: {
    class: 'plugin',
    summary: 'Two packages name the same hook with different kinds.',
    message: (p: { hook: string; plugin: string; wanted: string; actual: string }) =>
      `${p.plugin} uses hook ${p.hook} as ${p.wanted}, but it is ${p.actual}.`,
    hint: (p) => `Import the reference of ${p.hook} from one package instead of writing it twice.`,
  },
});
