import { defineErrors } from '@vp/contracts';

/** Errors of installing: `VP_NPMRC_*`, `VP_INSTALL_*`, `VP_LOCK_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_NPMRC_INVALID: {
    class: 'config',
    summary: "npm's configuration cannot be used.",
    message: (p: { from: string; reason: string }) =>
      `The npm configuration seen from ${p.from} cannot be used: ${p.reason}`,
    hint: () => 'Look at it with `npm config list`, and mend the .npmrc or the environment variable.',
  },
  VP_REGISTRY_URL_INVALID: {
    class: 'config',
    summary: "A registry's address is no http or https URL.",
    message: (p: { text: string }) => `"${p.text}" is not the URL of a registry.`,
    hint: () => 'Write it whole, e.g. https://npm.acme.dev/: in --registry, or as registry= in .npmrc.',
  },
  VP_INSTALL_TOML: {
    class: 'config',
    summary: 'vp.toml is not TOML.',
    message: (p: { place: string; reason: string }) => `${p.place}: ${p.reason.replace(/\.$/, '')}.`,
    hint: () => 'Correct it; nothing was changed.',
  },
  VP_INSTALL_TOML_FORM: {
    class: 'config',
    summary: 'A plugin stands in vp.toml in a form that cannot be edited without touching what is around it.',
    message: (p: { key: string; why: string }) =>
      `${p.key} cannot be edited in vp.toml: ${p.why}. Nothing was changed.`,
    hint: (p) =>
      `Write it as one table, [plugins.${JSON.stringify(p.key)}] with version and grants = { … } on a line each, then try again.`,
  },
});
