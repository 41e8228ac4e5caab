import { defineErrors } from '@vp/contracts';

/** A project that cannot be read: vp.toml, pipeline modules, SQL files. */
export const { errors, table } = defineErrors({
  VP_PROJECT_NOT_FOUND: {
    class: 'config',
    summary: 'No vp.toml in the folder or above it.',
    message: (p: { from: string }) => `There is no vp.toml in ${p.from} or any folder above it.`,
    hint: () => 'Go to the project, name it with --project <folder>, or make one with: vp init <name>',
  },
  VP_PROJECT_FOLDER_MISSING: {
    class: 'config',
    summary: 'The folder that --project names does not exist.',
    message: (p: { folder: string }) => `There is no folder ${p.folder}.`,
    hint: () => 'Correct --project, or make a project there with: vp init <folder>',
  },
  VP_PROJECT_LINKS: {
    class: 'config',
    summary: 'The list of plugins that vp plugins dev has linked is not JSON.',
    message: (p: { file: string; reason: string }) => `${p.file} is not JSON: ${p.reason}.`,
    hint: (p) => `Remove ${p.file}, and link again: vp plugins dev`,
  },
  VP_PROJECT_UNREADABLE: {
    class: 'config',
    summary: 'A file of the project cannot be read.',
    message: (p: { file: string; reason: string }) => `${p.file} cannot be read: ${p.reason}.`,
  },
  VP_PROJECT_TOML: {
    class: 'config',
    summary: 'vp.toml is no valid TOML.',
    message: (p: { place: string; reason: string }) => `${p.place}: ${p.reason}.`,
    hint: () => 'Correct the line; the rules are at https://toml.io.',
  },
  VP_PROJECT_EMPTY: {
    class: 'config',
    summary: 'The project has no pipeline file, or its pipeline files export no asset.',
    message: (p: { looked: string; found: string }) =>
      `The project has no assets. Looked at ${p.looked}: ${p.found}.`,
    hint: () =>
      'Export assets from pipeline.ts or a file in assets/: export const orders = asset("orders", { … }). Other places go into [project] pipeline = […].',
  },
  VP_PROJECT_PATH_MISSING: {
    class: 'config',
    summary: 'A file or folder that [project] pipeline names does not exist.',
    message: (p: { path: string }) => `[project] pipeline names ${p.path}, which does not exist.`,
    hint: (p) => `Create ${p.path}, or take it out of the list in vp.toml.`,
  },
  VP_PROJECT_ASSET_UNKNOWN: {
    class: 'user',
    summary: 'An asset is named that the project does not have.',
    message: (p: { asset: string; by: string; suggestion: string }) =>
      `There is no asset "${p.asset}"${p.by === '' ? '' : `, which ${p.by} reads`}.`,
    hint: (p) => p.suggestion,
  },
  VP_PROJECT_DUPLICATE: {
    class: 'config',
    summary: 'Two files define different assets or publishes of the same name.',
    message: (p: { what: string; name: string; first: string; second: string }) =>
      `Two ${p.what} are called "${p.name}": ${p.first} and ${p.second}.`,
    hint: () => 'Rename one of them.',
  },
  VP_PROJECT_SYNTAX: {
    class: 'config',
    summary: 'A pipeline module is no valid TypeScript or JavaScript.',
    message: (p: { file: string; reason: string }) => `${p.file} cannot be parsed: ${p.reason}.`,
  },
  VP_PROJECT_TYPESCRIPT: {
    class: 'config',
    summary: 'A pipeline module uses TypeScript that Node cannot run by leaving the types out.',
    message: (p: { file: string; reason: string }) => `${p.file} cannot run as it is: ${p.reason}.`,
    hint: () =>
      'Pipelines run without a build step. Instead of an enum: const X = { A: "a" } as const; instead of a parameter property: assign the field. "erasableSyntaxOnly": true in tsconfig.json finds these in the editor.',
  },
  VP_PROJECT_IMPORT_MISSING: {
    class: 'config',
    summary: 'A pipeline module imports a package, file or name that does not exist.',
    message: (p: { file: string; what: string; hint: string }) =>
      `${p.file} imports ${p.what}, which does not exist.`,
    hint: (p) => p.hint,
  },
  VP_PROJECT_NODE_MODULES: {
    class: 'config',
    summary: 'A pipeline imports TypeScript from a package: Node runs TypeScript only outside node_modules.',
    message: (p: { file: string }) => `${p.file} lies below node_modules, where Node runs no TypeScript.`,
    hint: () => 'Build the package to JavaScript, or copy the file into the project.',
  },
  VP_PROJECT_MODULE_FAILED: {
    class: 'config',
    summary: 'A pipeline module throws while it is loaded.',
    message: (p: { file: string; reason: string; hint: string }) =>
      `${p.file} failed while it was loaded: ${p.reason}`,
    hint: (p) => p.hint,
  },
  VP_PROJECT_SQL_FILE: {
    class: 'config',
    summary: 'A SQL file has a fault in its front matter (leading `-- key: value` lines) or its holes.',
    message: (p: { file: string; reason: string; hint: string }) => `${p.file}: ${p.reason}.`,
    hint: (p) => p.hint,
  },
});
