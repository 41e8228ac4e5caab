import { defineErrors } from '@vp/contracts';

interface In {
  /** Path of the bundle. */
  readonly file: string;
}

const unharmed = 'Nothing was changed.';

export const { errors, table: errorTable } = defineErrors({
  VP_BUNDLE_NOT_FOUND: {
    class: 'user',
    summary: 'There is no file where a bundle should be.',
    message: (p: In & { problem: string }) => `The bundle ${p.file} cannot be read: ${p.problem}.`,
    hint: () => 'Name the file that vp plugins bundle made.',
  },
  VP_BUNDLE_NOT_ONE: {
    class: 'user',
    summary: 'A file is no bundle.',
    message: (p: In & { problem: string }) => `${p.file} is no bundle of plugins: ${p.problem}.`,
    hint: () => 'Make one where the registry can be reached: vp plugins bundle --for linux-x64 -o vp.bundle',
  },
  VP_BUNDLE_TRUNCATED: {
    class: 'data',
    summary: 'The end of a bundle is missing.',
    message: (p: In & { problem: string }) => `The bundle ${p.file} is not whole: ${p.problem}.`,
    hint: () => `${unharmed} Copy the file again, and compare its size with the original.`,
  },
  VP_BUNDLE_TAMPERED: {
    class: 'data',
    summary: 'A bundle does not hold what was signed.',
    message: (p: In & { part: string; problem: string }) =>
      `The bundle ${p.file} is not what was signed: ${p.part} ${p.problem}.`,
    hint: () =>
      `${unharmed} Copy the file again from where it was made; if it is the same there, do not use it.`,
  },
  VP_BUNDLE_WRONG_SIGNATURE: {
    class: 'data',
    summary: 'The signature of a bundle does not fit its list of contents.',
    message: (p: In & { key: string }) =>
      `The signature of ${p.file} by key ${p.key} does not fit its list of contents.`,
    hint: () =>
      `${unharmed} Copy the file again from where it was made; if it is the same there, do not use it.`,
  },
  VP_BUNDLE_FOREIGN_KEY: {
    class: 'config',
    summary: 'A bundle is signed by a key that this project does not trust.',
    message: (p: In & { key: string; trusted: readonly string[] }) =>
      `The bundle ${p.file} is signed by key ${p.key}; this project trusts ${[...p.trusted].join(', ')}.`,
    hint: (p) =>
      `${unharmed} If whoever makes your bundles has a new key, compare it with them and say so: --trust ${p.key}`,
  },
  VP_BUNDLE_PLATFORM: {
    class: 'user',
    summary: 'A bundle was made for other machines.',
    message: (p: In & { platforms: readonly string[]; here: string }) =>
      `The bundle ${p.file} is for ${[...p.platforms].join(', ')}; this machine is ${p.here}.`,
    hint: (p) => `${unharmed} Make one for it: vp plugins bundle --for ${p.here} -o vp.bundle`,
  },
  VP_BUNDLE_PLATFORM_UNKNOWN: {
    class: 'user',
    summary: 'A bundle is to be made for a platform that there is not.',
    message: (p: { text: string; suggestion: string }) =>
      `"${p.text}" is no platform. ${p.suggestion}`.trimEnd(),
    hint: () =>
      'Write system and processor, and for a Linux without glibc its C library: linux-x64, linux-arm64-musl, darwin-arm64, win32-x64.',
  },
  VP_BUNDLE_NOT_FOR: {
    class: 'config',
    summary: 'A plugin needs a package that does not exist for the platform that a bundle is made for.',
    message: (p: { package: string; platform: string; needed: readonly string[] }) =>
      `${p.package} is not for ${p.platform}, and ${[...p.needed].join(', ')} needs it.`,
    hint: () => 'Remove the plugin from the deployment for that platform, or ask its author.',
  },
  VP_BUNDLE_NO_LOCK: {
    class: 'user',
    summary: 'A bundle is to be made of a project without vp.lock.',
    message: (p: { folder: string }) =>
      `${p.folder} has no vp.lock that lists plugins: there is nothing to put into a bundle.`,
    hint: () => 'Install the plugins first: vp plugins install <name>',
  },
  VP_BUNDLE_LOCK_OLD: {
    class: 'config',
    summary: 'vp.toml lists plugins that vp.lock does not have.',
    message: (p: { keys: readonly string[] }) =>
      `vp.lock does not have what vp.toml lists: ${[...p.keys].join(', ')}.`,
    hint: () => 'Install them first: vp plugins install',
  },
  VP_BUNDLE_NO_INTEGRITY: {
    class: 'data',
    summary: 'vp.lock has a package without a SHA-512.',
    message: (p: { package: string }) =>
      `vp.lock has no SHA-512 of ${p.package}, so nobody could check it where the bundle is used.`,
    hint: () =>
      'Ask its author to publish it anew; a package of a git repository or a folder cannot be bundled.',
  },
  VP_BUNDLE_WRONG_PACKAGE: {
    class: 'data',
    summary: 'A registry gives another tarball than the one that vp.lock lists.',
    message: (p: { package: string; wanted: string; found: string }) =>
      `The tarball of ${p.package} is ${p.found}, and vp.lock has ${p.wanted}.`,
    hint: () => 'Do not use it. Tell who runs the registry.',
  },
  VP_BUNDLE_WITHDRAWN: {
    class: 'config',
    summary: 'A plugin that is to be bundled was withdrawn by its registry.',
    message: (p: { plugin: string; reason: string }) => `${p.plugin} was withdrawn: ${p.reason}`,
    hint: (p) =>
      `Upgrade it first: vp plugins upgrade ${p.plugin.slice(0, Math.max(1, p.plugin.lastIndexOf('@')))}`,
  },
  VP_BUNDLE_KEY: {
    class: 'config',
    summary: 'The file with the key that signs bundles cannot be used.',
    message: (p: { file: string; problem: string }) =>
      `The bundle key ${p.file} cannot be used: ${p.problem}.`,
    hint: (p) => `Make it readable for you alone (chmod 600 ${p.file}), or name another file: --key <file>`,
  },
  VP_BUNDLE_KEYS_UNREADABLE: {
    class: 'config',
    summary: 'The file that says whose bundles a project takes cannot be read.',
    message: (p: { file: string }) => `${p.file}, which says whose bundles this project takes, is damaged.`,
    hint: (p) => `Delete it (rm ${p.file}), and name the key that you expect: --trust SHA256:…`,
  },
  VP_BUNDLE_CANNOT_WRITE: {
    class: 'config',
    summary: 'A bundle cannot be written.',
    message: (p: { file: string; problem: string }) =>
      `The bundle ${p.file} cannot be written: ${p.problem}.`,
    hint: () => 'Name another place: -o <file>',
  },
  VP_BUNDLE_HAS_NOT: {
    class: 'user',
    summary: 'A bundle does not have a package that is asked for.',
    message: (p: In & { package: string; suggestion: string }) =>
      `The bundle ${p.file} does not have ${p.package}. ${p.suggestion}`.trimEnd(),
    hint: () => 'Add it to the project that the bundle is made from, and make the bundle anew.',
  },
});
