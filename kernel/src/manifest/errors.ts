import { defineErrors } from '@vp/contracts';

/** Errors of plugin manifests: `VP_MANIFEST_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_MANIFEST_UNREADABLE: {
    class: 'plugin',
    summary: "A plugin's package.json cannot be read.",
    message: (p: { file: string; reason: string }) => `${p.file} cannot be read: ${p.reason}`,
    hint: () => 'Install the plugin again: npm install',
  },
  VP_MANIFEST_NOT_JSON: {
    class: 'plugin',
    summary: "A plugin's package.json, or a JSON file that it names, is not JSON.",
    message: (p: { file: string; line: number; column: number; reason: string }) =>
      `${p.file}:${p.line}:${p.column} is not JSON: ${p.reason}`,
    hint: (p) => `Correct ${p.file}, or install the plugin again: npm install`,
  },
  VP_MANIFEST_NO_PLUGIN: {
    class: 'config',
    summary: 'A package that is used as a plugin has no `vp` field in its package.json.',
    message: (p: { name: string; file: string; suggestion: string }) =>
      `${p.name} is not a VibePiper plugin: ${p.file} has no "vp" field.`,
    hint: (p) =>
      p.suggestion === '' ? `Remove "${p.name}" from [plugins] in vp.toml.` : `In ${p.file}: ${p.suggestion}`,
  },
  VP_MANIFEST_UNKNOWN_KEY: {
    class: 'plugin',
    summary: "A key of a plugin's manifest is not known at its place.",
    message: (p: { key: string; within: string; file: string; suggestion: string }) =>
      `Unknown key "${p.key}" in ${p.within} of ${p.file}. ${p.suggestion}`.trimEnd(),
    hint: (p) =>
      p.suggestion.startsWith('Did you mean')
        ? `Rename the key "${p.key}". ${p.suggestion}`
        : `Remove the key "${p.key}".`,
  },
  VP_MANIFEST_INVALID: {
    class: 'plugin',
    summary: "A value of a plugin's manifest is missing, has the wrong type or is not allowed.",
    message: (p: { pointer: string; file: string; problem: string; suggestion: string }) =>
      `${p.pointer} in ${p.file}: ${p.problem}.`,
    hint: (p) =>
      `Correct ${p.pointer} in ${p.file}; the manifest's JSON Schema says what may stand there. ${p.suggestion}`.trimEnd(),
  },
  VP_MANIFEST_SCHEMA_FILE: {
    class: 'plugin',
    summary: 'A JSON Schema that a manifest names by path is not there, or lies outside the package.',
    message: (p: { path: string; plugin: string; reason: string }) =>
      `The schema ${p.path} of ${p.plugin} cannot be used: ${p.reason}`,
    hint: () => 'Correct the path in the manifest, and see that the file is among the published `files`.',
  },
});
