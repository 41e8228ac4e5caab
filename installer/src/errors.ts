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
});
