import { defineErrors } from '@vp/contracts';

/** Errors of packing and publishing: `VP_PUBLISH_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_PUBLISH_NO_PACKAGE: {
    class: 'user',
    summary: 'The folder that was to be published has no package.json.',
    message: (p: { directory: string }) => `There is no package.json in ${p.directory}.`,
    hint: () => "Name the plugin's folder: vp plugins publish ./acme-weather",
  },
  VP_PUBLISH_PACKAGE_INVALID: {
    class: 'plugin',
    summary: 'A field of package.json that npm reads has the wrong type.',
    message: (p: { file: string; problem: string }) => `${p.file} is not valid: ${p.problem}`,
    hint: (p) => `Correct ${p.file}.`,
  },
  VP_PUBLISH_NOT_READY: {
    class: 'plugin',
    summary: 'A package has several faults for which a registry would refuse it.',
    message: (p: { package: string; problems: readonly string[] }) =>
      `${p.package} is not ready to be published:\n${p.problems.map((problem) => `  - ${problem}`).join('\n')}`,
    hint: () => 'Mend these, then publish again; --dry-run checks without publishing.',
  },
  VP_PUBLISH_VERSION: {
    class: 'plugin',
    summary: 'The version in package.json is not a semantic version.',
    message: (p: { package: string; version: string }) =>
      `${p.package} has the version "${p.version}", which is not a semantic version.`,
    hint: () => 'Write one such as 1.0.0.',
  },
  VP_PUBLISH_PRIVATE: {
    class: 'plugin',
    summary: 'A package that says "private": true is published nowhere.',
    message: (p: { package: string }) => `${p.package} is marked as private.`,
    hint: () => 'Remove "private" from package.json when it is meant to be published.',
  },
  VP_PUBLISH_FILE_MISSING: {
    class: 'plugin',
    summary: 'A file that the manifest names is not there, or is not among the published files.',
    message: (p: { package: string; what: string; file: string; exists: boolean }) =>
      p.exists
        ? `${p.file}, the ${p.what} of ${p.package}, is not among the files that are published.`
        : `${p.file}, the ${p.what} of ${p.package}, does not exist.`,
    hint: (p) => (p.exists ? `Add it to "files" in package.json.` : 'Build the package first: npm run build'),
  },
  VP_PUBLISH_REPORT_MISSING: {
    class: 'plugin',
    summary: 'The manifest names a conformance report that is not there, or not among the published files.',
    message: (p: { package: string; file: string; exists: boolean }) =>
      p.exists
        ? `${p.file}, the conformance report of ${p.package}, is not among the files that are published.`
        : `${p.package} names the conformance report ${p.file}, and there is none.`,
    hint: (p) =>
      p.exists ? 'Add it to "files" in package.json.' : 'Let it be written: vp plugins conformance',
  },
  VP_PUBLISH_TYPESCRIPT_ENTRY: {
    class: 'plugin',
    summary: 'The entry of a plugin is TypeScript, which Node does not run below node_modules.',
    message: (p: { package: string; file: string }) =>
      `The entry of ${p.package} is ${p.file}: Node runs no TypeScript below node_modules.`,
    hint: () => 'Build it, and name the JavaScript as "entry" in the manifest: ./dist/plugin.js',
  },
  VP_PUBLISH_SCRIPTS: {
    class: 'plugin',
    summary: 'A package has a script that npm would run when it is installed. vp installs with scripts off.',
    message: (p: { package: string; scripts: readonly string[] }) =>
      `${p.package} runs something when it is installed: ${p.scripts.join(', ')}.`,
    hint: () => 'Remove it: vp installs with scripts off, so the plugin must work without.',
  },
  VP_PUBLISH_NO_LICENSE: {
    class: 'plugin',
    summary: 'A package says nothing of its licence.',
    message: (p: { package: string }) => `package.json of ${p.package} has no "license".`,
    hint: () => 'Add it: "Apache-2.0", "MIT", or "UNLICENSED" for what stays inside of a company.',
  },
  VP_PUBLISH_NOT_MODULE: {
    class: 'plugin',
    summary: 'A plugin is not an ES module.',
    message: (p: { package: string }) => `package.json of ${p.package} does not say "type": "module".`,
    hint: () => 'Add it: the entry of a plugin is an ES module.',
  },
  VP_PUBLISH_ENGINES: {
    class: 'plugin',
    summary: 'A plugin does not say which major of vp it is made for.',
    message: (p: { package: string; range: string }) =>
      p.range === ''
        ? `package.json of ${p.package} has no "engines.vp".`
        : `"engines.vp" of ${p.package} is "${p.range}", which fits more than one major.`,
    hint: () => 'Write "engines": { "vp": "^1.0.0" }.',
  },
  VP_PUBLISH_DEPENDENCY: {
    class: 'plugin',
    summary: 'A dependency is bundled, or named by a place that nobody else has.',
    message: (p: { package: string; dependency: string; problem: string }) =>
      `The dependency ${p.dependency} of ${p.package} ${p.problem}.`,
    hint: () => 'Name a range of published versions: a lock holds each package by its hash.',
  },
  VP_PUBLISH_SECRET_FILE: {
    class: 'plugin',
    summary: 'A file that by its name holds secrets would be published.',
    message: (p: { package: string; file: string }) => `${p.file} would be published with ${p.package}.`,
    hint: () => 'List what belongs to the package in "files" of package.json.',
  },
  VP_PUBLISH_EXISTS: {
    class: 'user',
    summary: 'The version is published already, or is lower than one that is.',
    message: (p: { package: string; version: string; latest: string }) =>
      p.version === p.latest
        ? `${p.package}@${p.version} is published already.`
        : `${p.package}@${p.version} cannot follow ${p.latest}, which is published.`,
    hint: () => 'Raise the version: npm version patch, minor or major. For an older line: --tag <name>',
  },
  VP_PUBLISH_DENIED: {
    class: 'user',
    summary: 'The registry does not let the caller publish.',
    message: (p: { package: string; registry: string; status: number; reason: string }) =>
      `${p.registry} does not let you publish ${p.package} (${p.status}): ${p.reason}`,
    hint: () =>
      'Set VP_REGISTRY_TOKEN, or //<registry>/:_authToken in .npmrc; `vp registry user token` of the registry gives one.',
  },
  VP_PUBLISH_REFUSED: {
    class: 'plugin',
    summary: "The registry's publish gate refused the package.",
    message: (p: { package: string; registry: string; status: number; reason: string }) =>
      `${p.registry} refused ${p.package} (${p.status}): ${p.reason}`,
    hint: () => 'Nothing was published. Mend what it says and publish again.',
  },
  VP_PUBLISH_UNREACHABLE: {
    class: 'transient',
    summary: 'The registry could not be reached, or did not answer in time.',
    message: (p: { package: string; registry: string; reason: string }) =>
      `${p.registry} cannot be reached to publish ${p.package}: ${p.reason}`,
    hint: () => 'See whether it runs: vp registry status. Publishing again does no harm.',
  },
  VP_PUBLISH_NOT_VISIBLE: {
    class: 'transient',
    summary: 'The registry took a version and does not show it.',
    message: (p: { package: string; registry: string; seconds: number }) =>
      `${p.registry} took ${p.package}, and does not show it after ${p.seconds} s.`,
    hint: () => 'Look at its log: a gate may have taken it back.',
  },
});
