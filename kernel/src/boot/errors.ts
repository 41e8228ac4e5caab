import { defineErrors, didYouMean } from '@vp/contracts';

/** Errors of putting the kernel together. */
export const { errors, table: errorTable } = defineErrors({
  VP_STATE_BUSY: {
    class: 'transient',
    summary: "A plugin's state could not be written because other processes kept writing it.",
    message: (p: { key: string; plugin: string }) =>
      `State ${p.key} of ${p.plugin} could not be written: other processes kept writing it.`,
    hint: () => 'Try again when fewer processes are running.',
  },
  VP_REFERENCE_UNKNOWN: {
    class: 'config',
    summary: 'vp.toml names a contribution that no plugin in use has.',
    message: (p: { what: string; id: string; place: string; known: readonly string[] }) =>
      `There is no ${p.what} "${p.id}" (${p.place}). ${didYouMean(p.id, p.known)}`.trimEnd(),
    hint: (p) => `Correct the name, or add the plugin that has ${p.what} "${p.id}" to [plugins].`,
  },
  VP_CONNECTION_UNKNOWN: {
    class: 'config',
    summary: 'A connection that is used is not in vp.toml.',
    message: (p: { name: string; known: readonly string[] }) =>
      `There is no connection "${p.name}". ${didYouMean(p.name, p.known)}`.trimEnd(),
    hint: (p) => `Add [connections.${p.name}] to vp.toml.`,
  },
  VP_CONNECTION_USE: {
    class: 'config',
    summary: 'A connection is used for a contribution that it is not meant for.',
    message: (p: { name: string; use: string; wanted: string; place: string }) =>
      `Connection "${p.name}" is for ${p.use} (${p.place}), but is used for ${p.wanted}.`,
    hint: (p) => `Use another connection, or set use = "${p.wanted}" in [connections.${p.name}].`,
  },
});
