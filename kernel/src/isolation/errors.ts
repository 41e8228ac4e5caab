import { defineErrors } from '@vp/contracts';

/** Errors of plugins that run in a process of their own: `VP_ISOLATION_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_ISOLATION_UNAVAILABLE: {
    class: 'config',
    summary: 'A plugin must run in a process of its own, and this host cannot start one. It is not loaded.',
    message: (p: { plugin: string; by: string }) =>
      `${p.plugin} must run in a process of its own (${p.by} says so), and this host has nothing to start one with.`,
    hint: () =>
      'Run it with the vp command, which brings @vp/isolation; programs that make a kernel themselves pass `isolate`.',
  },
  VP_ISOLATION_UNSUPPORTED: {
    class: 'config',
    summary:
      'A plugin that must run in a process of its own has what cannot be used across a process boundary.',
    message: (p: { plugin: string; by: string; what: readonly string[] }) =>
      `${p.plugin} cannot run in a process of its own, as ${p.by} says: ${p.what.join(', ')} cannot be used across a process boundary.`,
    hint: (p) =>
      `If you trust ${p.plugin} as your own code, set isolation = "in-process" for it in [plugins] of vp.toml; otherwise remove it.`,
  },
});
