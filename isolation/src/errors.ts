import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_ISOLATION_NOT_ACROSS: {
    class: 'config',
    summary: 'A plugin is to run in a process of its own and has something that does not reach across.',
    message: (p: { plugin: string; what: string }) => `Plugin ${p.plugin} cannot be isolated: ${p.what}.`,
    hint: () =>
      'Set isolation = "in-process" for it in vp.toml, if you trust its code; or ask its author to do without.',
  },
  VP_ISOLATION_NODE: {
    class: 'config',
    summary: 'This Node.js cannot confine a process: its permission model has no switch for the network.',
    message: (p: { plugin: string; version: string }) =>
      `Plugin ${p.plugin} cannot be isolated: Node.js ${p.version} cannot deny the network to a process.`,
    hint: () => 'Run vp with Node.js 26 or newer, or set isolation = "in-process" in vp.toml.',
  },
  VP_ISOLATION_START_FAILED: {
    class: 'plugin',
    summary: 'An isolated plugin could not be loaded in its process.',
    message: (p: { plugin: string; reason: string }) =>
      `Plugin ${p.plugin} could not start in its process: ${p.reason}`,
    hint: () =>
      'If it was refused something that it needs, its author lists it in permissions of the manifest.',
  },
  VP_ISOLATION_START_TIMEOUT: {
    class: 'plugin',
    summary: 'An isolated plugin was not up in time.',
    message: (p: { plugin: string; ms: number }) =>
      `Plugin ${p.plugin} was not up ${p.ms} ms after its process began. The process is ended.`,
    hint: () => 'Tell its author what it does at start; or set isolation = "in-process" in vp.toml.',
  },
  VP_ISOLATION_CRASHED: {
    class: 'plugin',
    summary: 'The process of an isolated plugin ended while it was needed.',
    message: (p: { plugin: string; how: string; lines: readonly string[] }) =>
      `The process of plugin ${p.plugin} ended with ${p.how}.${
        p.lines.length === 0 ? '' : ` Its last lines: ${p.lines.join(' | ')}`
      }`,
    hint: () => 'The next use starts it again. Show the lines to its author when it happens again.',
  },
  VP_ISOLATION_MEMORY: {
    class: 'plugin',
    summary: 'An isolated plugin used more memory than it may, and was ended.',
    message: (p: { plugin: string; usedMb: number; limitMb: number }) =>
      `Plugin ${p.plugin} used ${p.usedMb} MiB of memory, ${p.limitMb} are allowed. Its process is ended.`,
    hint: (p) => `Allow more: [plugins."${p.plugin}"] limits = { memory_mb = ${p.limitMb * 2} } in vp.toml.`,
  },
  VP_ISOLATION_UNRESPONSIVE: {
    class: 'plugin',
    summary: 'An isolated plugin did not answer its host for too long, and was ended.',
    message: (p: { plugin: string; ms: number }) =>
      `Plugin ${p.plugin} did not answer for ${p.ms} ms: its code keeps its process busy. The process is ended.`,
    hint: (p) =>
      `If the work is honest, allow more: [plugins."${p.plugin}"] limits = { unresponsive_ms = ${p.ms * 4} } in vp.toml.`,
  },
  VP_ISOLATION_PROTOCOL: {
    class: 'plugin',
    summary: 'The process of an isolated plugin sent what its host did not ask for, and was ended.',
    message: (p: { plugin: string; what: string }) =>
      `The process of plugin ${p.plugin} broke the protocol with its host: ${p.what}. It is ended.`,
    hint: () => 'Honest plugins never see the protocol. Remove the plugin, and tell whoever publishes it.',
  },
  VP_ISOLATION_RESTARTS: {
    class: 'plugin',
    summary: 'The process of an isolated plugin ended so often that it is not started again.',
    message: (p: { plugin: string; count: number }) =>
      `The process of plugin ${p.plugin} ended ${p.count} times within a minute and is not started again.`,
    hint: () => 'Read the errors before this one; the log has the lines that the plugin printed.',
  },
  VP_ISOLATION_STOPPED: {
    class: 'internal',
    summary: 'An isolated plugin was used after it was stopped.',
    message: (p: { plugin: string }) => `Plugin ${p.plugin} is stopped and cannot be used any more.`,
  },
  VP_ISOLATION_FILE_DENIED: {
    class: 'plugin',
    summary: 'An isolated plugin named a file that it was not granted, for its host to read.',
    message: (p: { plugin: string; path: string }) =>
      `Plugin ${p.plugin} hands over ${p.path}, which it may not read itself.`,
    hint: (p) => `If it should, grant it in vp.toml: [plugins."${p.plugin}"] grants = { fs = ["read:…"] }.`,
  },
  VP_ISOLATION_FILE_UNREADABLE: {
    class: 'config',
    summary: 'An isolated plugin was to be given a file that it may not read.',
    message: (p: { plugin: string; path: string }) =>
      `Plugin ${p.plugin} may not read ${p.path}, which it is to write.`,
    hint: (p) => `Grant it in vp.toml: [plugins."${p.plugin}"] grants = { fs = ["read:…"] }.`,
  },
  VP_ISOLATION_GARBAGE: {
    class: 'plugin',
    summary: 'An isolated plugin gave something else than its contract says.',
    message: (p: { plugin: string; what: string; reason: string }) =>
      `Plugin ${p.plugin} gave ${p.reason} as the result of ${p.what}.`,
    hint: () => "Tell the plugin's author; the conformance kit finds such faults.",
  },
  VP_ISOLATION_CANNOT_CROSS: {
    class: 'config',
    summary: 'A value that an isolated plugin was to be given has no form outside its process.',
    message: (p: { plugin: string; what: string; reason: string }) =>
      `${p.what} of plugin ${p.plugin} cannot be called in its own process: ${p.reason}.`,
    hint: () => 'Set isolation = "in-process" for it in vp.toml, if you trust its code.',
  },
  VP_ISOLATION_DENIED: {
    class: 'config',
    summary: 'An isolated plugin tried something that it was not granted.',
    message: (p: { plugin: string; permission: string; wanted: string; why: string }) =>
      `Plugin ${p.plugin} may not use ${p.permission} ${p.wanted}: ${p.why}.`,
    hint: () =>
      "The plugin's author lists it in permissions of the manifest; the deployment grants it in vp.toml.",
  },
});
