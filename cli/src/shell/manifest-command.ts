import type { ManifestCommand, ManifestCommandValue } from '@vp/contracts/manifest';
import type { ArgInfo, CommandInfo, FlagInfo } from './command-info.ts';

interface PackageLike {
  readonly name?: string;
  readonly vp?: { readonly contributes?: { readonly commands?: readonly ManifestCommand[] } };
}

/** The commands of a plugin's package.json, in the form of the built-in ones. The kernel checks them in full. */
export function fromManifest(pack: PackageLike, prefix = ''): CommandInfo[] {
  const commands = (pack.vp?.contributes?.commands ?? []).map((each) => ({ ...each, id: prefix + each.id }));
  return commands.map((command) => ({
    id: command.id,
    summary: command.summary,
    ...(command.description === undefined ? {} : { description: command.description }),
    examples: command.examples ?? [],
    args: Object.fromEntries((command.args ?? []).map((arg) => [arg.name, argOf(arg)])),
    flags: {
      ...Object.fromEntries((command.flags ?? []).map((flag) => [flag.name, flagOf(flag)])),
      ...globals,
    },
    plugin: { name: pack.name ?? '', contribution: command.id },
  }));
}

function argOf(arg: ManifestCommandValue): ArgInfo {
  const { name, description, required = false, multiple = false, options } = arg;
  return { name, description, required, multiple, ...(options === undefined ? {} : { options }) };
}

function flagOf(flag: ManifestCommandValue): FlagInfo {
  const { name, description, required, multiple, char, options, type } = flag;
  return {
    name,
    type: type === 'boolean' ? 'boolean' : 'option',
    summary: description,
    ...(type === 'integer' ? { helpValue: 'number' } : {}),
    ...(char === undefined ? {} : { char }),
    ...(options === undefined ? {} : { options }),
    ...(required ? { required } : {}),
    ...(multiple ? { multiple } : {}),
  };
}

const global = (flag: Omit<FlagInfo, 'helpGroup'>): FlagInfo => ({ ...flag, helpGroup: 'GLOBAL' });

const globals: Readonly<Record<string, FlagInfo>> = {
  json: global({ name: 'json', type: 'boolean', summary: 'One JSON document on standard output' }),
  debug: global({ name: 'debug', type: 'boolean', summary: 'Show where an error came from' }),
  project: global({
    name: 'project',
    type: 'option',
    char: 'C',
    helpValue: 'dir',
    summary: 'The project, instead of the one around this folder',
  }),
  env: global({ name: 'env', type: 'option', helpValue: 'name', summary: 'Use [env.<name>] of vp.toml' }),
  set: global({
    name: 'set',
    type: 'option',
    helpValue: 'key=value',
    multiple: true,
    summary: 'Override a configuration value',
  }),
};
