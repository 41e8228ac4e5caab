import { defineErrors } from '@vp/contracts';

/** Errors of the commands for plugin authors: `VP_KIT_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_KIT_NO_PLUGIN: {
    class: 'user',
    summary: 'A folder or name that was given to a command for plugins is no plugin.',
    message: (p: { given: string; problem: string }) => `${p.given} is no plugin: ${p.problem}.`,
    hint: () => 'Name the folder with its package.json, or a plugin that the project uses: vp plugins list',
  },
  VP_KIT_NO_SUBJECTS: {
    class: 'plugin',
    summary: 'A plugin has no conformance.ts, which says what its contributions are proved on.',
    message: (p: { plugin: string; looked: readonly string[] }) =>
      `${p.plugin} has no subjects to prove it on: there is no ${p.looked.join(' and no ')}.`,
    hint: () =>
      'Write one with defineConformance, see docs/write-a-plugin.md; `vp plugins new` brings one along.',
  },
  VP_KIT_NOT_BUILT: {
    class: 'plugin',
    summary: 'A file that package.json names does not exist: the package is not built.',
    message: (p: { plugin: string; file: string }) => `${p.plugin} is not built: ${p.file} does not exist.`,
    hint: () => 'Build it: npm run build',
  },
  VP_KIT_NO_SDK: {
    class: 'plugin',
    summary: 'The conformance kits, which come with @vp/plugin-sdk, are not found from the plugin.',
    message: (p: { plugin: string; directory: string; reason: string }) =>
      `@vp/plugin-sdk with its conformance kits is not found from ${p.directory} (${p.plugin}): ${p.reason}`,
    hint: () => 'Install it there: npm install --save-dev @vp/plugin-sdk',
  },
  VP_KIT_NOTHING_TO_PROVE: {
    class: 'user',
    summary: 'A plugin brings nothing that a conformance kit is for: commands, engines and stores have none.',
    message: (p: { plugin: string; brings: string }) =>
      `${p.plugin} brings nothing that there is a kit for: ${p.brings}.`,
    hint: () => 'There are kits for sources, sinks, transforms, validators, alerters, auth and executors.',
  },
  VP_KIT_NAME: {
    class: 'user',
    summary: 'A new plugin cannot have this name, scope or id.',
    message: (p: { name: string }) => `"${p.name}" cannot be the name, scope or id of a plugin.`,
    hint: () => 'Lower case letters and digits, parts joined by -: vp plugins new acme-weather --kind source',
  },
  VP_KIT_KIND_MISSING: {
    class: 'user',
    summary: '`vp plugins new` was not told what the plugin is to contribute.',
    message: () => 'What is the plugin to be?',
    hint: (p: { kinds: string }) => `Say --kind, one of ${p.kinds}.`,
  },
  VP_KIT_TEMPLATE: {
    class: 'user',
    summary: 'There is no template of the kind or name that was asked for.',
    message: (p: { what: string; name: string; suggestion: string }) =>
      `There is no template of the ${p.what} "${p.name}".`,
    hint: (p) => p.suggestion,
  },
  VP_KIT_BROKEN: {
    class: 'plugin',
    summary: 'A plugin that was to be published breaks laws that it must keep, or leaves something unproved.',
    message: (p: { plugin: string }) => `${p.plugin} is not published: it does not keep its laws.`,
    hint: () => 'See all of them: vp plugins conformance. Or publish without a badge: --skip-conformance',
  },
  VP_KIT_SUBJECTS_FAILED: {
    class: 'plugin',
    summary: "A plugin's conformance could not be run to its end.",
    message: (p: { plugin: string; problem: string }) =>
      `The conformance of ${p.plugin} did not come to its end: ${p.problem}`,
    hint: () => 'Its own tests show where: npm test',
  },
});
