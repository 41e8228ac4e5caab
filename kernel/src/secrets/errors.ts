import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_SECRET_BAD_REFERENCE: {
    class: 'config',
    summary: 'The text of a secret reference cannot be read.',
    message: (p: { ref: string; problem: string }) =>
      `Secret reference ${p.ref} cannot be read: ${p.problem}.`,
    hint: () => 'Write secret://<scheme>/<path>, e.g. secret://env/PG_PASSWORD, as the whole value.',
  },
  VP_SECRET_SCHEME_UNKNOWN: {
    class: 'config',
    summary: 'No plugin in use answers the scheme of a secret reference.',
    message: (p: { ref: string; scheme: string; suggestion: string }) =>
      `No plugin in use answers secret://${p.scheme}/… (${p.ref}).`,
    hint: (p) =>
      p.suggestion === ''
        ? 'Add a plugin that has secrets, e.g. "@vp/auth-env", to [plugins] of vp.toml.'
        : p.suggestion,
  },
  VP_SECRET_SCHEME_TWICE: {
    class: 'config',
    summary: 'Two plugins in use answer the same scheme of secret references.',
    message: (p: { scheme: string; plugins: string }) =>
      `secret://${p.scheme}/… is answered by several plugins: ${p.plugins}.`,
    hint: () => 'Remove one of them from [plugins] of vp.toml.',
  },
  VP_SECRET_NOT_FOUND: {
    class: 'config',
    summary: 'A secret that the configuration refers to does not exist.',
    message: (p: { ref: string; provider: string; wanted: string }) =>
      `${p.provider} has no secret ${p.ref}${p.wanted}.`,
    hint: (p) =>
      p.ref.startsWith('secret://env/')
        ? `Set the environment variable ${p.ref.slice('secret://env/'.length)}, or write it into .env.`
        : 'Create it, or correct the reference.',
  },
  VP_SECRET_FAILED: {
    class: 'plugin',
    summary: 'A secret provider failed with something that is no VpError.',
    message: (p: { ref: string; provider: string; problem: string }) =>
      `${p.provider} failed to give ${p.ref}: ${p.problem}`,
    hint: () => 'Check the provider: vp doctor',
  },
  VP_SECRET_CYCLE: {
    class: 'config',
    summary: 'The configuration of a secret provider needs a secret that it would have to give itself.',
    message: (p: { chain: string }) => `Secret providers wait for each other: ${p.chain}.`,
    hint: () => 'Give the provider its own credentials from another one, e.g. secret://env/….',
  },
  VP_SECRET_NOT_ALLOWED: {
    class: 'config',
    summary: 'A secret reference stands at a configuration key that the plugin does not declare as a secret.',
    message: (p: { ref: string; key: string; place: string }) =>
      `${p.key} (${p.place}) is ${p.ref}, but the plugin does not ask for a secret there.`,
    hint: (p) =>
      `Write the value itself, or ask the plugin's author to list ${p.key} in permissions.secrets.`,
  },
  VP_SECRET_LITERAL: {
    class: 'config',
    summary: 'A secret is written out in the configuration.',
    message: (p: { key: string; place: string }) => `${p.key} (${p.place}) is a secret that is written out.`,
    hint: (p) =>
      `Write a reference: ${p.key} = "secret://env/${p.key.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase()}"`,
  },
  VP_SECRET_TOO_SHORT: {
    class: 'config',
    summary: 'A secret is so short that it cannot be told from ordinary text, and is not removed from logs.',
    message: (p: { ref: string }) => `The value of ${p.ref} is too short to be removed from logs.`,
    hint: () => 'Use a value of at least 4 characters.',
  },
});
