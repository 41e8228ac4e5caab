import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_CONFIG_UNKNOWN_KEY: {
    class: 'config',
    summary: 'A configuration key is not known at its place.',
    message: (p: { key: string; within: string; place: string; suggestion: string }) =>
      `Unknown key "${p.key}" in ${p.within} (${p.place}).`,
    hint: (p) => (p.suggestion === '' ? `Remove "${p.key}".` : p.suggestion),
  },
  VP_CONFIG_INVALID: {
    class: 'config',
    summary: 'A configuration value has the wrong type, is out of range, or is none of the allowed ones.',
    message: (p: { key: string; place: string; problem: string; suggestion: string }) =>
      `${p.key} (${p.place}): ${p.problem}.`,
    hint: (p) =>
      p.suggestion === '' ? `See where the value comes from: vp config explain ${p.key}` : p.suggestion,
  },
  VP_CONFIG_MISSING: {
    class: 'config',
    summary: 'A configuration key that must be there is missing.',
    message: (p: { key: string; place: string; expected: string }) =>
      `${p.key} is missing (looked in ${p.place}).`,
    hint: (p) => `Set it: ${p.key} = ${p.expected}`,
  },
  VP_CONFIG_BAD_KEY: {
    class: 'user',
    summary: 'The text of a configuration key cannot be read.',
    message: (p: { key: string; problem: string }) =>
      `Configuration key "${p.key}" cannot be read: ${p.problem}.`,
    hint: () => `Write keys as in vp.toml: engine.duckdb.memory_limit, plugins."@vp/files".version`,
  },
  VP_CONFIG_NO_SUCH_KEY: {
    class: 'user',
    summary: 'A configuration key that was asked for does not exist.',
    message: (p: { key: string; suggestion: string }) => `No configuration key "${p.key}" is known or set.`,
    hint: (p) => (p.suggestion === '' ? 'List all: vp config get' : p.suggestion),
  },
  VP_CONFIG_BAD_FLAG: {
    class: 'user',
    summary: 'A --set flag does not have the form key=value.',
    message: (p: { flag: string }) => `--set ${p.flag} has no "=".`,
    hint: () => 'Write --set engine.duckdb.memory_limit=4GB',
  },
  VP_CONFIG_ENVIRONMENT_UNKNOWN: {
    class: 'user',
    summary: 'The environment that was asked for is not in vp.toml.',
    message: (p: { name: string; suggestion: string }) => `There is no [env.${p.name}] in vp.toml.`,
    hint: (p) => (p.suggestion === '' ? `Add a table [env.${p.name}] to vp.toml.` : p.suggestion),
  },
  VP_CONFIG_NOT_CONFIGURABLE: {
    class: 'config',
    summary: 'Configuration is given to a contribution that takes none.',
    message: (p: { key: string; place: string; keys: string }) =>
      `${p.key} takes no configuration, but ${p.keys} is set (${p.place}).`,
    hint: (p) => `Remove ${p.keys}.`,
  },
  VP_CONFIG_UNKNOWN_SECTION: {
    class: 'config',
    summary: 'A section configures a contribution that no plugin in use has.',
    message: (p: { point: string; id: string; place: string; suggestion: string }) =>
      `[${p.point}.${p.id}] configures ${/^[aeiou]/.test(p.point) ? 'an' : 'a'} ${p.point} that no plugin in use has (${p.place}).`,
    hint: (p) => (p.suggestion === '' ? 'Add the plugin to [plugins], or remove the section.' : p.suggestion),
  },
});
