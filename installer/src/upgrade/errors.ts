import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_UPGRADE_SCHEMA_BROKEN: {
    class: 'plugin',
    summary: 'A schema of a plugin, which its manifest names, cannot be read.',
    message: (p: { plugin: string; path: string; problem: string }) =>
      `The schema ${p.path} of ${p.plugin} cannot be read: ${p.problem}.`,
    hint: (p) => `Tell the author of ${p.plugin}.`,
  },
  VP_UPGRADE_TARBALL_WRONG: {
    class: 'data',
    summary: 'The tarball of a version is not what its registry says that it is.',
    message: (p: { package: string; registry: string; problem: string }) =>
      `The tarball of ${p.package} from ${p.registry} is not what the registry says: ${p.problem}.`,
    hint: () => 'Nothing was changed. Tell who runs the registry.',
  },
  VP_UPGRADE_VERSION_UNKNOWN: {
    class: 'user',
    summary: 'A plugin has no such version.',
    message: (p: { plugin: string; version: string; suggestion: string }) =>
      `${p.plugin} has no version ${p.version}. ${p.suggestion}`.trimEnd(),
    hint: (p) => `See its versions: vp plugins info ${p.plugin}`,
  },
  VP_UPGRADE_PLUGIN_UNKNOWN: {
    class: 'user',
    summary: 'A plugin that the command line names is not one of the deployment.',
    message: (p: { plugin: string; suggestion: string }) =>
      `${p.plugin} is not in [plugins] of vp.toml. ${p.suggestion}`.trimEnd(),
    hint: (p) => `List them: vp plugins list. Add it: vp plugins install ${p.plugin}`,
  },
});
