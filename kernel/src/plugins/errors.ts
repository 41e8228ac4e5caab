import { defineErrors, didYouMean } from '@vp/contracts';

/** Errors of plugins and contributions: `VP_PLUGIN_*`, `VP_CONTRIBUTION_*`, `VP_BINDING_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_PLUGIN_NONE: {
    class: 'config',
    summary: 'The deployment uses no plugin.',
    message: (p: { project: string }) =>
      `No plugin is in use in ${p.project}, so there is nothing to read, compute or store with.`,
    hint: () =>
      'List plugins under [plugins] in vp.toml. Those that `vp init` writes there are enough to run a pipeline.',
  },
  VP_PLUGIN_NOT_INSTALLED: {
    class: 'config',
    summary: 'A plugin of [plugins] is in no node_modules folder.',
    message: (p: { name: string; from: string; near: string }) =>
      `Plugin ${p.name} is not installed: no node_modules folder from ${p.from} upward has it. ${p.near}`.trimEnd(),
    hint: (p) =>
      p.near === '' ? `vp plugins install ${p.name}` : 'Correct the name under [plugins] in vp.toml.',
  },
  VP_PLUGIN_NAME_MISMATCH: {
    class: 'plugin',
    summary: 'The folder of a plugin holds a package of another name.',
    message: (p: { name: string; found: string; file: string }) =>
      `${p.file} is named ${p.found}, not ${p.name}.`,
    hint: (p) => `Install the package again, or say package = "${p.found}" for the plugin in vp.toml.`,
  },
  VP_PLUGIN_BAD_RANGE: {
    class: 'config',
    summary: 'A version or version range cannot be read.',
    message: (p: { text: string; what: string }) =>
      `"${p.text}" (${p.what}) is not a version that semver can read.`,
    hint: () => 'Write a range such as "^1.2.0".',
  },
  VP_PLUGIN_ENGINE: {
    class: 'plugin',
    summary: 'A plugin is made for another version of VibePiper or Node.js.',
    message: (p: { plugin: string; engine: string; wants: string; has: string }) =>
      `${p.plugin} wants ${p.engine} ${p.wants}; this is ${p.engine} ${p.has}.`,
    hint: (p) =>
      p.engine === 'vp'
        ? 'Install a version of the plugin for this vp, or another vp.'
        : `Run vp with Node.js ${p.wants}.`,
  },
  VP_PLUGIN_ENGINE_OPEN: {
    class: 'plugin',
    summary: 'A plugin does not say which major of VibePiper it is made for.',
    message: (p: { plugin: string; wants: string }) =>
      `${p.plugin} does not pin a major of vp: engines.vp is ${p.wants}.`,
    hint: () => 'Say "engines": { "vp": "^1.0.0" } in the package.json of the plugin.',
  },
  VP_PLUGIN_CONTRACT: {
    class: 'plugin',
    summary: 'A contribution is made for a version of an extension point that this kernel does not serve.',
    message: (p: { plugin: string; id: string; contract: string; serves: readonly string[] }) =>
      `Contribution ${p.id} of ${p.plugin} fills ${p.contract}; served here: ${p.serves.join(', ') || 'no version of it'}.`,
    hint: (p) => `Install a version of ${p.plugin} that fits, or another version of vp.`,
  },
  VP_PLUGIN_CONTRACT_KEY: {
    class: 'plugin',
    summary: 'A contribution stands under the wrong key of the manifest.',
    message: (p: { plugin: string; id: string; contract: string; key: string; point: string }) =>
      `Contribution ${p.id} of ${p.plugin} stands under "${p.key}", which takes ${p.point}, but fills ${p.contract}.`,
    hint: (p) => `Move it to the key of ${p.contract}, or correct its contract to ${p.point}.`,
  },
  VP_PLUGIN_NOT_ESM: {
    class: 'plugin',
    summary: "A plugin's entry is not an ES module.",
    message: (p: { plugin: string; entry: string; why: string }) =>
      `The entry ${p.entry} of ${p.plugin} is not an ES module: ${p.why}.`,
    hint: () => 'Say "type": "module" in the package.json of the plugin and export with `export default`.',
  },
  VP_PLUGIN_ENTRY_MISSING: {
    class: 'plugin',
    summary: "A plugin's entry does not exist.",
    message: (p: { plugin: string; entry: string }) => `The entry ${p.entry} of ${p.plugin} does not exist.`,
    hint: () => 'Build the plugin, and see that the file is among the published `files`.',
  },
  VP_PLUGIN_CONFLICT: {
    class: 'config',
    summary: 'Versions of plugins do not fit together.',
    message: (p: { facts: readonly string[] }) => `These do not go together: ${p.facts.join('; ')}.`,
    hint: () => 'Change one of these ranges, or install a version that all of them accept.',
  },
  VP_PLUGIN_CYCLE: {
    class: 'plugin',
    summary: 'Plugins require each other in a circle.',
    message: (p: { path: readonly string[] }) =>
      `Plugins require each other in a circle: ${p.path.join(' -> ')}.`,
    hint: () => 'Remove one of them from [plugins] in vp.toml; its author has to break the circle.',
  },
  VP_PLUGIN_DEPENDENCY_FAILED: {
    class: 'config',
    summary: 'A plugin needs another one that cannot be used.',
    message: (p: { plugin: string; needs: string; why: string }) =>
      `${p.plugin} needs ${p.needs}, which cannot be used: ${p.why}`,
    hint: (p) => `Mend ${p.needs} first: vp plugins list`,
  },
  VP_CONTRIBUTION_DUPLICATE: {
    class: 'config',
    summary: 'Two plugins contribute the same id to the same extension point.',
    message: (p: {
      point: string;
      id: string;
      first: string;
      firstFile: string;
      second: string;
      secondFile: string;
    }) =>
      `${p.point} ${p.id} is contributed by ${p.first} (${p.firstFile}) and again by ${p.second} (${p.secondFile}); ${p.second} is not used.`,
    hint: (p) => `Remove ${p.first} or ${p.second} from [plugins] in vp.toml.`,
  },
  VP_POINT_DUPLICATE: {
    class: 'config',
    summary: 'Two plugins define the same extension point.',
    message: (p: { point: string; first: string; second: string }) =>
      `Extension point ${p.point} is defined by ${p.first} and again by ${p.second}; ${p.second} is not used.`,
    hint: (p) => `Remove ${p.first} or ${p.second} from [plugins] in vp.toml.`,
  },
  VP_PLUGIN_LOAD_FAILED: {
    class: 'plugin',
    summary: "A plugin's entry could not be imported.",
    message: (p: { plugin: string; entry: string; reason: string }) =>
      `The entry ${p.entry} of ${p.plugin} could not be imported: ${p.reason}`,
    hint: () => 'Install the plugin again with its dependencies: npm install',
  },
  VP_PLUGIN_LOAD_TIMEOUT: {
    class: 'plugin',
    summary: "A plugin's entry did not finish importing in time.",
    message: (p: { plugin: string; entry: string; ms: number }) =>
      `The entry ${p.entry} of ${p.plugin} did not finish importing within ${p.ms} ms.`,
    hint: (p) =>
      `${p.plugin} waits for something at the top of a module. Remove it from [plugins] to go on without it.`,
  },
  VP_PLUGIN_NO_DEFINITION: {
    class: 'plugin',
    summary: "A plugin's entry does not export a plugin as default.",
    message: (p: { plugin: string; entry: string; got: string }) =>
      `The entry ${p.entry} of ${p.plugin} must export a plugin as default; it exports ${p.got}.`,
    hint: () => 'Write `export default definePlugin({ … })`, with definePlugin of @vp/plugin-sdk.',
  },
  VP_PLUGIN_REGISTER_FAILED: {
    class: 'plugin',
    summary: 'A plugin threw in register.',
    message: (p: { plugin: string; reason: string }) => `${p.plugin} failed in register: ${p.reason}`,
    hint: (p) => `Report it to the author of ${p.plugin}, or remove the plugin from [plugins] in vp.toml.`,
  },
  VP_PLUGIN_REGISTER_ASYNC: {
    class: 'plugin',
    summary: "A plugin's register is asynchronous, or it registers after register has returned.",
    message: (p: { plugin: string; what: string }) => `${p.plugin} ${p.what}; register must be synchronous.`,
    hint: () => 'Move what waits to activate, or into the contribution itself.',
  },
  VP_PLUGIN_UNDECLARED: {
    class: 'plugin',
    summary: 'A plugin registers something that its manifest does not name.',
    message: (p: { plugin: string; what: string; list: string; known: readonly string[]; word: string }) =>
      `${p.plugin} registers ${p.what}, which its manifest does not name in ${p.list}. ${didYouMean(p.word, p.known)}`.trimEnd(),
    hint: (p) => `Add it to ${p.list} in the package.json of the plugin, or do not register it.`,
  },
  VP_PLUGIN_UNFILLED: {
    class: 'plugin',
    summary: "A plugin's manifest names something that register does not fill.",
    message: (p: { plugin: string; missing: readonly string[] }) =>
      `The manifest of ${p.plugin} names what its register does not fill: ${p.missing.join(', ')}.`,
    hint: () => 'Register it, or take it out of the package.json of the plugin.',
  },
  VP_PLUGIN_REGISTERED_TWICE: {
    class: 'plugin',
    summary: 'A plugin registers the same thing twice.',
    message: (p: { plugin: string; what: string }) => `${p.plugin} registers ${p.what} twice.`,
    hint: () => 'Remove one of the two calls.',
  },
  VP_PLUGIN_ACTIVATE_FAILED: {
    class: 'plugin',
    summary: 'A plugin threw in activate.',
    message: (p: { plugin: string; reason: string }) => `${p.plugin} failed in activate: ${p.reason}`,
    hint: (p) => `Report it to the author of ${p.plugin}, or remove the plugin from [plugins] in vp.toml.`,
  },
  VP_PLUGIN_ACTIVATE_TIMEOUT: {
    class: 'plugin',
    summary: 'A plugin did not finish activating in time.',
    message: (p: { plugin: string; ms: number }) =>
      `${p.plugin} did not finish activating within ${p.ms} ms.`,
    hint: (p) =>
      `If ${p.plugin} needs longer, give it activate_timeout_ms in [plugins]; without it there, the rest goes on.`,
  },
  VP_PLUGIN_STOPPED: {
    class: 'internal',
    summary: 'A plugin was asked for something while or after the kernel stopped.',
    message: (p: { plugin: string; what: string }) =>
      `${p.what} of ${p.plugin} was asked for after the kernel had begun to stop.`,
    hint: () => 'Do not start new work after kernel.stop().',
  },
  VP_PLUGIN_REQUIRED: {
    class: 'config',
    summary: 'A plugin that the deployment calls required cannot be used.',
    message: (p: { plugin: string; why: string }) =>
      `Plugin ${p.plugin} is required and cannot be used: ${p.why}`,
    hint: (p) => `Mend it, or remove required = true from [plugins."${p.plugin}"] in vp.toml.`,
  },
  VP_CONTRIBUTION_UNKNOWN: {
    class: 'config',
    summary: 'Something names a contribution that no plugin in use has.',
    message: (p: { point: string; id: string; known: readonly string[] }) =>
      `There is no ${p.point} "${p.id}". ${didYouMean(p.id, p.known)}`.trimEnd(),
    hint: () =>
      'See what there is: vp plugins list. Correct the name, or add the plugin that brings it to [plugins] in vp.toml.',
  },
  VP_CONTRIBUTION_NONE: {
    class: 'config',
    summary: 'Nothing in use serves an extension point that is needed.',
    message: (p: { point: string }) =>
      `No plugin in use contributes ${article(p.point)} ${p.point}, and one is needed.`,
    hint: () =>
      'Add a plugin that does to [plugins] in vp.toml; those that `vp init` writes there are enough to run a pipeline.',
  },
  VP_CONTRIBUTION_CREATE_FAILED: {
    class: 'plugin',
    summary: 'A plugin failed to make an instance of a contribution.',
    message: (p: { plugin: string; what: string; reason: string }) =>
      `${p.plugin} could not make ${p.what}: ${p.reason}`,
    hint: (p) => `Look at the configuration of ${p.what}: vp config explain`,
  },
  VP_CONTRIBUTION_CREATE_TIMEOUT: {
    class: 'plugin',
    summary: 'A plugin did not finish making an instance of a contribution in time.',
    message: (p: { plugin: string; what: string; ms: number }) =>
      `${p.plugin} did not finish making ${p.what} within ${p.ms} ms.`,
    hint: (p) => `Look at the configuration of ${p.what}: vp config explain`,
  },
  VP_CONTRIBUTION_GARBAGE: {
    class: 'plugin',
    summary: 'A plugin gave something that is no contribution.',
    message: (p: { plugin: string; what: string; got: string }) =>
      `${p.plugin} gave ${p.got} for ${p.what}; it must be an object.`,
    hint: (p) => `The fault is in create() of ${p.what}.`,
  },
  VP_BINDING_AMBIGUOUS: {
    class: 'config',
    summary: 'Several contributions could serve a point of which one is used, and none is bound.',
    message: (p: { point: string; ids: readonly string[] }) =>
      `Several could serve as ${p.point}: ${p.ids.join(', ')}. The deployment has to say which.`,
    hint: (p) => `In vp.toml: [bindings] ${p.point} = "${p.ids[0] ?? ''}"`,
  },
});

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}
