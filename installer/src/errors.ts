import { defineErrors } from '@vp/contracts';

/** A URL that is no registry's may have a password in it all the same, or a token in its query. */
const withoutSecrets = (text: string): string =>
  text.replace(/^([a-z+]+:\/\/)?.*@/i, '$1…@').replace(/[?#].*$/, '');

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
    message: (p: { text: string }) => `"${withoutSecrets(p.text)}" is not the URL of a registry.`,
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
  VP_INSTALL_DEPENDENCIES: {
    class: 'plugin',
    summary: 'The packages that plugins need cannot be put together.',
    message: (p: { plugins: readonly string[]; reason: string }) =>
      `What ${p.plugins.join(', ')} need cannot be put together: ${p.reason.replace(/\.$/, '')}.`,
    hint: () => 'Nothing was changed. Try another version of the plugin, or tell its author.',
  },
  VP_INSTALL_BUSY: {
    class: 'transient',
    summary: 'Another process installs plugins into the same project.',
    message: (p: { file: string; pid: number; host: string; since: string }) =>
      `Process ${p.pid} on ${p.host} installs plugins here, since ${p.since}.`,
    hint: (p) => `Wait for it to end. If it is gone, remove ${p.file}.`,
  },
  VP_INSTALL_HALF: {
    class: 'config',
    summary: 'An install was cut off, and cannot be finished because files were edited meanwhile.',
    message: (p: { file: string; why: string }) =>
      `An install was cut off while it wrote vp.toml and vp.lock, and cannot be finished: ${p.why}.`,
    hint: (p) =>
      `${p.file} holds both texts, before and after. Put the one that you want in place, remove that file, then: vp plugins install`,
  },
  VP_INSTALL_SPEC: {
    class: 'user',
    summary: 'What should be installed is not named in a way that vp reads.',
    message: (p: { text: string; why: string }) => `"${p.text}" cannot be installed: ${p.why}.`,
    hint: () => 'Write @scope/name, @scope/name@^1.2.0 or alias=@scope/name@2.',
  },
  VP_INSTALL_NO_VERSION: {
    class: 'config',
    summary: 'A registry has no version of a plugin in the wanted range.',
    message: (p: { package: string; wanted: string; by: string; registry: string; versions: string }) =>
      `${p.by} wants ${p.package} ${p.wanted}, and ${p.registry} has ${p.versions}.`,
    hint: (p) => `See what there is: vp plugins info ${p.package}`,
  },
  VP_INSTALL_NO_TAG: {
    class: 'user',
    summary: 'A package has no such tag.',
    message: (p: { package: string; tag: string; suggestion: string }) =>
      `${p.package} has no tag "${p.tag}". ${p.suggestion}`.trimEnd(),
    hint: (p) => `See what there is: vp plugins info ${p.package}`,
  },
  VP_INSTALL_YANKED: {
    class: 'config',
    summary: 'The version that is asked for was withdrawn by its registry.',
    message: (p: { package: string; reason: string; at: string }) =>
      `${p.package} was withdrawn on ${p.at.slice(0, 10)}: ${p.reason.replace(/\.$/, '')}.`,
    hint: () => 'Take another version.',
  },
  VP_INSTALL_DOWNGRADE: {
    class: 'user',
    summary: 'A range would bring an older version than the one that is locked.',
    message: (p: { key: string; locked: string; found: string }) =>
      `${p.key} is locked at ${p.locked}; this would go back to ${p.found}.`,
    hint: (p) => `To go back, name the version: vp plugins install ${p.key}@${p.found}`,
  },
  VP_INSTALL_REGISTRY_CHANGED: {
    class: 'config',
    summary: 'A package that is locked from one registry would come from another.',
    message: (p: { key: string; package: string; locked: string; registry: string; scope: string }) =>
      `${p.package} is locked from ${p.locked}; .npmrc or the environment now has it come from ${p.registry}, which signs with no key that vp.lock trusts for it.`,
    hint: (p) =>
      `Look at registry= in .npmrc and at npm_config_registry. If it has really moved: ${
        p.scope === '' ? '' : `"${p.registry}" = ["${p.scope}"] in [policy.registries] of vp.toml, or `
      }vp plugins remove ${p.key}, and install it again.`,
  },
  VP_INSTALL_CONFLICT: {
    class: 'config',
    summary: 'No versions of the plugins go together.',
    message: (p: { facts: readonly string[] }) => `These do not go together: ${p.facts.join('; ')}.`,
    hint: () =>
      'Nothing was changed. Change one of these ranges, or install a plugin that is missing with it.',
  },
  VP_INSTALL_NOT_A_PLUGIN: {
    class: 'user',
    summary: 'A package is not a plugin of VibePiper, or its manifest cannot be read.',
    message: (p: { package: string; problem: string }) => `${p.package} is not a plugin: ${p.problem}.`,
    hint: () => 'Find plugins with vp plugins search. Other packages are installed with npm.',
  },
  VP_INSTALL_COMMAND_TAKEN: {
    class: 'config',
    summary: 'A plugin brings a command that vp has already.',
    message: (p: { plugin: string; command: string; owner: string }) =>
      `${p.plugin} brings the command "vp ${p.command}", which is taken by ${p.owner}.`,
    hint: () => 'Nothing was changed. Ask the author of the plugin for another name.',
  },
  VP_INSTALL_GRANT: {
    class: 'user',
    summary: '--grant is written in a way that vp does not read.',
    message: (p: { text: string; part: string }) =>
      `--grant ${p.text}: "${p.part}" grants nothing that there is.`,
    hint: () =>
      'Write --grant all, or kinds with their values: --grant network=db.internal:5432,fs=read:data/**,env=HOME,native',
  },
  VP_INSTALL_NOT_GRANTED: {
    class: 'user',
    summary: '--grant does not cover what a plugin asks for.',
    message: (p: { plugin: string; missing: readonly string[] }) =>
      `${p.plugin} also asks for ${p.missing.join(', ')}, which --grant does not give.`,
    hint: (p) => `Nothing was changed. To give it, too: --grant '${p.missing.join(',')}'`,
  },
  VP_INSTALL_NOT_APPROVED: {
    class: 'user',
    summary: 'An install was not agreed to: by nobody, where nobody could be asked.',
    message: (p: { changes: readonly string[] }) =>
      `Nobody has agreed to this install: ${p.changes.join('; ')}.`,
    hint: () =>
      'Nothing was downloaded or changed. Run it on a terminal, or add --yes, or --grant with what you allow.',
  },
  VP_INSTALL_NO_PROJECT: {
    class: 'user',
    summary: 'Plugins are installed into a project, and there is none.',
    message: (p: { folder: string }) => `There is no vp.toml in ${p.folder}.`,
    hint: () => 'Make a project with vp init, or name one with --project.',
  },
  VP_INSTALL_PLATFORM: {
    class: 'config',
    summary: 'A package that a plugin needs is not made for this machine.',
    message: (p: { package: string; here: string }) =>
      `${p.package} is not made for this machine (${p.here}).`,
    hint: () => 'Nothing was changed. Another version of the plugin may run here.',
  },
  VP_INSTALL_CANNOT_WRITE: {
    class: 'config',
    summary: 'The installed set cannot be written.',
    message: (p: { folder: string; why: string }) => `${p.folder} cannot be written: ${p.why}.`,
    hint: () => 'What was installed works as before. Make room, or see to the permissions, and try again.',
  },
  VP_INSTALL_LYING_MANIFEST: {
    class: 'data',
    summary: 'What a package says of itself is not what the registry said of it.',
    message: (p: { package: string; what: string }) =>
      `${p.package} is not what its registry showed: ${p.what}.`,
    hint: () => 'Nothing was changed. Tell who runs the registry: this does not happen by accident.',
  },
  VP_INSTALL_EDITED: {
    class: 'user',
    summary: 'vp.toml or vp.lock was edited while an install was under way.',
    message: (p: { file: string }) => `${p.file} was edited while plugins were being installed.`,
    hint: () => 'Nothing was changed. Run the command again.',
  },
  VP_INSTALL_FROZEN: {
    class: 'config',
    summary:
      '--frozen installs exactly vp.lock, and vp.lock is not what vp.toml asks for, or contradicts itself.',
    message: (p: { differences: readonly string[] }) =>
      `vp.lock cannot be installed as it is: ${p.differences.join('; ')}.`,
    hint: () => 'Run vp plugins install where the lock may change, and commit vp.lock with vp.toml.',
  },
  VP_INSTALL_NO_LOCK: {
    class: 'config',
    summary: 'There is no vp.lock to install.',
    message: (p: { folder: string }) =>
      `There is no vp.lock in ${p.folder}, so there is nothing to install exactly.`,
    hint: () => 'Make one: vp plugins install',
  },
  VP_INSTALL_LOCK_SIDES: {
    class: 'config',
    summary: 'Two branches that were merged lock different versions of one plugin.',
    message: (p: { key: string; one: string; other: string }) =>
      `vp.lock holds an unfinished merge, and its sides lock ${p.key} at ${p.one} and at ${p.other}.`,
    hint: (p) => `Say which in vp.toml: ${JSON.stringify(p.key)} = "${p.other}", then: vp plugins install`,
  },
  VP_INSTALL_NO_PREVIOUS: {
    class: 'user',
    summary: 'There is no installed set before the present one to go back to.',
    message: (p: { folder: string }) => `There is no earlier set in ${p.folder} to go back to.`,
    hint: () => 'The last three are kept. To take an older version: vp plugins install <plugin>@<version>',
  },
  VP_INSTALL_PREVIOUS_DAMAGED: {
    class: 'config',
    summary: 'The installed set to go back to is not as it was when it was installed.',
    message: (p: { folder: string; what: string }) => `${p.folder} cannot be gone back to: ${p.what}.`,
    hint: () =>
      'Take vp.toml and vp.lock of that time from version control, then: vp plugins install --frozen',
  },
  VP_INSTALL_NOT_THERE: {
    class: 'user',
    summary: 'A plugin that should be removed is not there.',
    message: (p: { key: string; suggestion: string }) =>
      `vp.toml has no plugin ${p.key}. ${p.suggestion}`.trimEnd(),
    hint: () => 'See what there is: vp plugins list',
  },
  VP_INSTALL_LOOKALIKE: {
    class: 'config',
    summary: 'A warning: the name of a new plugin is easily mistaken for the name of another one.',
    message: (p: { package: string; near: string; distance: number }) =>
      `${p.package} is not ${p.near}: the names are ${p.distance === 1 ? 'one letter' : `${p.distance} letters`} apart.`,
    hint: (p) => `If you meant that one: vp plugins install ${p.near}`,
  },
  VP_INSTALL_NO_INTEGRITY: {
    class: 'data',
    summary: 'A registry offers a package without a hash of its tarball.',
    message: (p: { package: string; registry: string }) =>
      `${p.registry} offers ${p.package} without a hash of its tarball, so nothing can be checked.`,
    hint: () => 'Nothing was changed. Ask who runs the registry to publish the version again.',
  },
});
