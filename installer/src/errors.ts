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
  VP_INSTALL_TARBALL: {
    class: 'data',
    summary: "A package's tarball holds what no package may hold, or cannot be unpacked.",
    message: (p: { package: string; entry: string; why: string }) =>
      `The tarball of ${p.package} is refused: ${p.entry} ${p.why}.`,
    hint: () => 'Nothing was changed. Tell who runs the registry: somebody may have put it there on purpose.',
  },
  VP_INSTALL_DOWNLOAD: {
    class: 'transient',
    summary: 'The tarball of a package did not arrive.',
    message: (p: { package: string; from: string; reason: string }) =>
      `${p.package} could not be downloaded from ${p.from}: ${p.reason.replace(/\.$/, '')}.`,
    hint: () =>
      'Nothing was changed: what was installed works as before. Try again when the registry is well.',
  },
  VP_INSTALL_INTEGRITY: {
    class: 'data',
    summary: 'The bytes of a package are not those that were promised.',
    message: (p: { package: string; from: string; wanted: string; found: string }) =>
      `${p.package} from ${p.from} is not what was promised: ${p.wanted} is its hash, and ${p.found} came.`,
    hint: () =>
      'Nothing was changed. Somebody or something altered the tarball on its way or in the registry: tell who runs it.',
  },
  VP_INSTALL_FOREIGN_SOURCE: {
    class: 'plugin',
    summary: 'A package comes from somewhere else than a registry.',
    message: (p: { package: string; from: string }) =>
      `${p.package} comes from ${p.from}; vp installs packages of registries alone, whose bytes have a hash.`,
    hint: () => 'Ask its author to depend on a published version.',
  },
  VP_INSTALL_TREE: {
    class: 'data',
    summary: 'The files of a package are not those that the lock, or its registry, vouches for.',
    message: (p: { package: string; promised: string; wanted: string; found: string }) =>
      `The files of ${p.package} have the hash ${p.found}; ${p.promised} has ${p.wanted}.`,
    hint: () =>
      'Nothing was changed. If vp.lock was edited by hand, take it from version control again; else tell who runs the registry.',
  },
});
