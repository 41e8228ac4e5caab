import { defineErrors, didYouMean } from '@vp/contracts';

const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;

/** Errors of the registry: `VP_REGISTRY_*`. */
export const { errors, table: errorTable } = defineErrors({
  // The registry itself.
  VP_REGISTRY_CONFIG: {
    class: 'config',
    summary: 'registry.toml cannot be read, or a value in it is not allowed.',
    message: (p: { place: string; problem: string }) => `${p.place}: ${p.problem}.`,
    hint: () => 'Correct it; registry/README.md lists every key of registry.toml.',
  },
  VP_REGISTRY_CONFIG_KEY: {
    class: 'config',
    summary: 'registry.toml has a key that there is not.',
    message: (p: { key: string; place: string; suggestion: string }) =>
      `Unknown key "${p.key}" in ${p.place}. ${p.suggestion}`.trimEnd(),
    hint: (p) => `Rename or remove "${p.key}"; registry/README.md lists every key of registry.toml.`,
  },
  VP_REGISTRY_BUSY: {
    class: 'user',
    summary: 'A data folder is served by another process already.',
    message: (p: { folder: string; pid: number; url: string }) =>
      `${p.folder} is served by process ${p.pid} already${p.url === '' ? '' : `, at ${p.url}`}.`,
    hint: (p) => `Use that one, stop it (kill ${p.pid}), or name another folder with --data.`,
  },
  VP_REGISTRY_NO_DATA: {
    class: 'user',
    summary: 'A command of the registry was pointed at a folder that is no data folder of a registry.',
    message: (p: { folder: string }) => `${p.folder} is no data folder of a registry.`,
    hint: () =>
      'Name the folder with --data <dir>, or start a registry in it: vp registry start --data <dir>',
  },
  VP_REGISTRY_PORT: {
    class: 'config',
    summary: 'The registry cannot listen where it should.',
    message: (p: { address: string; reason: string }) => `Cannot listen on ${p.address}: ${p.reason}.`,
    hint: () => 'Choose another port: vp registry start --port <number>, or `port` in registry.toml.',
  },
  VP_REGISTRY_START: {
    class: 'internal',
    summary: 'The process of the registry ended before it was ready.',
    message: (p: { reason: string }) => `The registry did not start: ${p.reason}`,
    hint: () => 'See logs/registry.log in its data folder.',
  },
  VP_REGISTRY_UNANSWERED: {
    class: 'transient',
    summary: 'A running registry did not answer a command of its administrator.',
    message: (p: { url: string; reason: string }) => `The registry at ${p.url} did not answer: ${p.reason}`,
    hint: () =>
      'Try again; when its process hangs, end it: a data folder without a process is worked on directly.',
  },
  VP_REGISTRY_STORE_DAMAGED: {
    class: 'internal',
    summary: "A file of the registry's data folder is not what the registry wrote.",
    message: (p: { file: string; reason: string }) => `${p.file} is damaged: ${p.reason}`,
    hint: () => 'Restore a backup into an empty folder: vp registry restore <file> --data <dir>',
  },
  VP_REGISTRY_DISK_FULL: {
    class: 'transient',
    summary: 'The disk of the registry is full. Nothing of what was being written is there.',
    message: (p: { folder: string }) => `There is no space left on the registry's disk (${p.folder}).`,
    hint: () => 'Free some, e.g. delete the folder `cache` of its data folder, then try again.',
  },
  VP_REGISTRY_INTERNAL: {
    class: 'internal',
    summary: 'The registry failed in a way that it does not know.',
    message: (p: { id: string }) => `The registry failed. Its log has the cause, under ${p.id}.`,
    hint: () => 'See logs/registry.log in its data folder.',
  },

  // Requests.
  VP_REGISTRY_TOO_LARGE: {
    class: 'user',
    summary: 'A request, or a package in it, is larger than the registry takes.',
    message: (p: { what: string; size: number | undefined; limit: number }) =>
      `${p.what} is ${p.size === undefined ? 'too large' : `${p.size} bytes`}; the limit is ${p.limit}.`,
    hint: () =>
      'Leave out what is not needed with "files" in package.json, or raise max_package_bytes in registry.toml.',
  },
  VP_REGISTRY_BAD_REQUEST: {
    class: 'user',
    summary: 'A request is not what npm or vp would send.',
    message: (p: { problem: string }) => `The request cannot be understood: ${p.problem}.`,
    hint: () => 'Publish with `vp plugins publish` or `npm publish`.',
  },
  VP_REGISTRY_HOST: {
    class: 'user',
    summary: 'A registry that listens on loopback was addressed by a name that is not its own.',
    message: (p: { host: string }) => `This registry does not answer to the name "${p.host}".`,
    hint: () => 'Behind a reverse proxy, say its address in registry.toml: public_url = "https://…/"',
  },
  VP_REGISTRY_NO_ROUTE: {
    class: 'user',
    summary: 'A request asks for something that the registry does not have.',
    message: (p: { method: string; path: string }) => `There is no ${p.method} ${p.path}.`,
  },
  VP_REGISTRY_TOKEN_MISSING: {
    class: 'user',
    summary: 'A request needs a token and has none.',
    message: (p: { what: string }) => `${p.what} needs a token.`,
    hint: () =>
      'An administrator makes one with `vp registry user token <name>`; it goes into .npmrc: //<host>/:_authToken=<token>',
  },
  VP_REGISTRY_TOKEN_INVALID: {
    class: 'user',
    summary: 'A token is unknown, expired or revoked.',
    message: (p: { why: string }) => `The token is not accepted: ${p.why}.`,
    hint: () => 'An administrator makes a new one with `vp registry user token <name>`.',
  },
  VP_REGISTRY_FORBIDDEN: {
    class: 'user',
    summary: 'Who asks has a role that may not do this.',
    message: (p: { what: string; user: string; role: string; needs: string }) =>
      `${p.what} needs the role ${p.needs}; ${p.user} is ${p.role}.`,
    hint: () => 'An administrator gives roles: vp registry user add <name> --role publisher',
  },
  VP_REGISTRY_LOGIN: {
    class: 'user',
    summary: 'A name and password are not accepted, or the registry lets nobody register.',
    message: () => 'The name or the password is wrong. Nobody can register here.',
    hint: () =>
      'An administrator makes users (`vp registry user add <name> --password-stdin`) and tokens (`vp registry user token <name>`).',
  },
  VP_REGISTRY_SLOW_DOWN: {
    class: 'transient',
    summary: 'Too many wrong passwords were tried for a user.',
    message: (p: { seconds: number }) => `Too many failed logins. Wait ${plural(p.seconds, 'second')}.`,
  },
  VP_REGISTRY_UPSTREAM_SLOW: {
    class: 'transient',
    summary: 'The upstream did not answer in time.',
    message: (p: { url: string; timeout: string }) =>
      `The upstream ${p.url} did not answer within ${p.timeout}.`,
    hint: () => 'Try again; packages that are published here do not need it.',
  },
  VP_REGISTRY_IMMUTABLE: {
    class: 'user',
    summary: 'A request would change or delete what is published.',
    message: (p: { what: string }) => `${p.what} is refused: a published version stays as it is.`,
    hint: () => 'Withdraw a version instead: vp registry yank <package>@<version> --reason …',
  },

  // Users.
  VP_REGISTRY_USER_NAME: {
    class: 'user',
    summary: 'The name of a user is not allowed.',
    message: (p: { name: string }) =>
      `"${p.name}" cannot be a user: lower case letters, digits, and . _ - inside, up to 64.`,
    hint: () => 'Choose another name.',
  },
  VP_REGISTRY_USER_EXISTS: {
    class: 'user',
    summary: 'A user of that name is there already.',
    message: (p: { name: string }) => `There is a user ${p.name} already.`,
    hint: (p) => `A further token: vp registry user token ${p.name}; another role: remove the user first.`,
  },
  VP_REGISTRY_USER_UNKNOWN: {
    class: 'user',
    summary: 'There is no user of that name.',
    message: (p: { name: string; suggestion: string }) =>
      `There is no user ${p.name}. ${p.suggestion}`.trimEnd(),
    hint: () => 'See who there is: vp registry status',
  },
  VP_REGISTRY_LAST_ADMIN: {
    class: 'user',
    summary: 'The last administrator cannot be removed.',
    message: (p: { name: string }) => `${p.name} is the only administrator.`,
    hint: () => 'Add another one first: vp registry user add <name> --role admin',
  },
  VP_REGISTRY_TOKEN_UNKNOWN: {
    class: 'user',
    summary: 'There is no token of that id.',
    message: (p: { id: string; suggestion: string }) =>
      `There is no token ${p.id}. ${p.suggestion}`.trimEnd(),
    hint: () => 'See which there are: vp registry user token <name> --list',
  },

  // The gate.
  VP_REGISTRY_NAME: {
    class: 'user',
    summary: 'The name of a package is not allowed.',
    message: (p: { name: string; problem: string }) => `"${p.name}" cannot be published: ${p.problem}.`,
    hint: () => 'Choose another name in package.json.',
  },
  VP_REGISTRY_NOT_PRIVATE: {
    class: 'user',
    summary: 'A package whose name belongs to the upstream was published.',
    message: (p: { name: string }) =>
      `${p.name} is not a name of this registry: names outside its private scopes come from the upstream.`,
    hint: () => 'Publish it beneath a private scope, or add the name to private_packages in registry.toml.',
  },
  VP_REGISTRY_DIGEST: {
    class: 'user',
    summary: 'The bytes of a tarball are not those that the request promises.',
    message: (p: { file: string; algorithm: string; says: string; is: string }) =>
      `${p.file}: the request says ${p.algorithm} ${p.says}, the tarball has ${p.is}.`,
    hint: () => 'Publish again; a proxy between here and there may have changed it.',
  },
  VP_REGISTRY_TARBALL: {
    class: 'user',
    summary: 'A tarball cannot be read, or has an entry that does not belong into a package.',
    message: (p: { file: string; problem: string }) => `${p.file}: ${p.problem}.`,
    hint: () => 'Pack with `npm pack`, which makes plain files beneath package/ only.',
  },
  VP_REGISTRY_LIES: {
    class: 'user',
    summary: "The request says something else about a package than the package's own package.json.",
    message: (p: { field: string; says: string; is: string }) =>
      `The request's ${p.field} is ${p.says}, the tarball's package.json has ${p.is}.`,
    hint: () => 'Publish from the package folder, with nothing between that edits the manifest.',
  },
  VP_REGISTRY_INSTALL_SCRIPT: {
    class: 'user',
    summary: 'A package runs code when it is installed.',
    message: (p: { name: string; script: string }) => `${p.name} has an install script: ${p.script}.`,
    hint: (p) =>
      `Build before publishing instead; a platform team allows it with allow_install_scripts = ["${p.name}"] in registry.toml.`,
  },
  VP_REGISTRY_LICENCE: {
    class: 'user',
    summary: 'A package has no licence.',
    message: (p: { name: string }) => `${p.name} has no "license" in its package.json.`,
    hint: () =>
      'Add an SPDX id, e.g. "license": "Apache-2.0", or "UNLICENSED" for one that stays in the house.',
  },
  VP_REGISTRY_LICENCE_REFUSED: {
    class: 'user',
    summary: 'The licence of a package is not one that the platform team allows.',
    message: (p: { name: string; licence: string; allowed: readonly string[] }) =>
      `${p.name} is under ${p.licence}; this registry takes ${[...p.allowed].join(', ')}.`,
    hint: () => 'The platform team sets licences in [gate] of registry.toml.',
  },
  VP_REGISTRY_VERSION: {
    class: 'user',
    summary: 'The version of a package is not one, or not above those that are published.',
    message: (p: { version: string; problem: string }) =>
      `Version ${p.version} cannot be published: ${p.problem}.`,
    hint: () => 'Raise the version: npm version patch',
  },
  VP_REGISTRY_VERSION_EXISTS: {
    class: 'user',
    summary: 'The version of a package is published already.',
    message: (p: { name: string; version: string }) => `${p.name}@${p.version} is published already.`,
    hint: () => 'A published version stays as it is; raise the version: npm version patch',
  },
  VP_REGISTRY_MANIFEST: {
    class: 'user',
    summary: "A plugin's manifest is wrong, or names something that its package does not have.",
    message: (p: { place: string; problem: string }) => `${p.place} of package.json: ${p.problem}.`,
    hint: () => 'Correct the manifest; `vp plugins conformance` checks it before you publish.',
  },
  VP_REGISTRY_BREAKING: {
    class: 'user',
    summary: 'A version takes something away that users of its major rely on.',
    message: (p: { version: string; base: string; changes: readonly string[] }) =>
      `${p.version} breaks what ${p.base} promises: ${[...p.changes].join('; ')}.`,
    hint: () => 'Take the change back, or publish it as a new major: npm version major',
  },

  // Administration.
  VP_REGISTRY_PACKAGE_UNKNOWN: {
    class: 'user',
    summary: 'There is no package of that name here, or no such version of it.',
    message: (p: { what: string; suggestion: string }) =>
      `${p.what} is not published here. ${p.suggestion}`.trimEnd(),
    hint: () => 'See what there is: vp plugins search',
  },
  VP_REGISTRY_YANKED: {
    class: 'user',
    summary:
      'A version that was yanked was to be tagged, or yanked again; or one that was not to be taken back.',
    message: (p: { what: string; problem: string }) => `${p.what} ${p.problem}.`,
    hint: () => 'Take a yank back with: vp registry yank <package>@<version> --undo',
  },
  VP_REGISTRY_SPEC: {
    class: 'user',
    summary: 'A command needs a package with its version, like @acme/weather@1.2.0.',
    message: (p: { spec: string }) => `"${p.spec}" names no exact version.`,
    hint: () => 'Write package and version, e.g. @acme/weather@1.2.0.',
  },
  VP_REGISTRY_BACKUP: {
    class: 'user',
    summary: 'A backup cannot be read, is not complete, or would be restored over something.',
    message: (p: { file: string; problem: string }) => `${p.file}: ${p.problem}.`,
    hint: () => 'A backup is made with `vp registry backup -o <file>` and restored into an empty folder.',
  },
  VP_REGISTRY_SEARCH_INVALID: {
    class: 'user',
    summary: 'A search of the registry has a filter or a value that there is not.',
    message: (p: { problem: string }) => `The search cannot be answered: ${p.problem}`,
    hint: () =>
      'Use q, kind, capability, badge=true, limit and offset: /-/vp/v1/search?q=postgres&kind=source',
  },
  VP_REGISTRY_PLUGIN_UNKNOWN: {
    class: 'user',
    summary: 'The registry has no plugin of that name.',
    message: (p: { name: string; known: readonly string[] }) =>
      `This registry has no plugin ${p.name}. ${didYouMean(p.name, p.known)}`.trimEnd(),
    hint: () => 'Search for it: `vp plugins search`, or the page of the registry.',
  },
});
