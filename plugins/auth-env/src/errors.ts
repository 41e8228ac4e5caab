import { defineErrors } from '@vp/plugin-sdk';

export const { errors, table: errorTable } = defineErrors({
  VP_AUTH_ENV_BAD_REFERENCE: {
    class: 'config',
    summary: 'A secret reference does not name an environment variable or a file.',
    message: (p: { ref: string; problem: string }) => `${p.ref} cannot be read: ${p.problem}.`,
    hint: () => 'Write secret://env/NAME or secret://file/path/in/the/project.',
  },
  VP_AUTH_ENV_OUTSIDE: {
    class: 'config',
    summary: 'A secret file lies outside of the folders that may hold secrets.',
    message: (p: { ref: string; root: string }) => `${p.ref} leads out of ${p.root}.`,
    hint: () => 'Move the file there, or set `root` in [auth.env] and grant fs = ["read:<root>/**"].',
  },
  VP_AUTH_ENV_UNREADABLE: {
    class: 'config',
    summary: 'A secret file, or the .env file, exists but cannot be read.',
    message: (p: { what: string; path: string; problem: string }) =>
      `${p.what} (${p.path}) cannot be read: ${p.problem}.`,
    hint: (p) => `Make it readable for this user: chmod 600 ${p.path}`,
  },
  VP_AUTH_ENV_EXPOSED: {
    class: 'config',
    summary: 'A secret file can be read by every user of the machine.',
    message: (p: { ref: string; path: string; mode: string }) =>
      `${p.ref} is not read: every user of this machine can read ${p.path} (mode ${p.mode}).`,
    hint: (p) =>
      `chmod 600 ${p.path}, or set world_readable = "warn" in [auth.env] where that is not possible.`,
  },
  VP_AUTH_ENV_TOO_LARGE: {
    class: 'config',
    summary: 'A secret file is larger than a secret can be.',
    message: (p: { ref: string; bytes: number }) =>
      `${p.ref} has ${p.bytes} bytes; a secret has at most 65536.`,
    hint: () => 'Check that the reference names the right file.',
  },
});
