import { didYouMean, type SourceLocation } from '@vp/contracts';
import { jsonPointer } from '../json-schema/index.ts';
import { errors } from './errors.ts';
import { type ConfigPath, parseKey } from './path.ts';
import { builtInDefaults } from './schema.ts';
import { type ConfigTable, isRawText, isTable, plainValue, rawText, withValue } from './values.ts';

/** Where a value stands: in a file, a variable, a flag. `text` is for people: `vp.toml:12:3`. */
export interface ConfigPlace extends SourceLocation {
  readonly text: string;
}

/** One source of configuration. Of several layers the last one that has a value wins. */
export interface ConfigLayer {
  readonly name: string;
  readonly values: ConfigTable;
  /** The place of the key at `path`, or of the nearest table around it. */
  where(path: ConfigPath): ConfigPlace;
}

/** A parsed vp.toml. The kernel reads no TOML: whoever parsed it knows the places. */
export interface ConfigFile {
  readonly values: ConfigTable;
  where(path: ConfigPath): ConfigPlace;
}

export interface ConfigLayersInit {
  readonly file: ConfigFile;
  /** `--env`: the name of an `[env.<name>]`. */
  readonly environment?: string;
  /** `process.env`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** `--set key=value`, in order. */
  readonly set?: readonly string[];
  /** Beneath the file, e.g. a project name made of the folder's. */
  readonly defaults?: ConfigTable;
}

/** The layers of a project, weakest first: defaults < vp.toml < env.<name> < variables < flags. */
export function configLayers(init: ConfigLayersInit): readonly ConfigLayer[] {
  const { file, environment, variables = {}, set = [], defaults = {} } = init;
  const { env } = file.values;
  const layers: ConfigLayer[] = [
    defaultsLayer(defaults),
    layer('vp.toml', file.values, (path) => file.where(path)),
  ];
  if (environment !== undefined) {
    const names = isTable(env) ? Object.keys(env) : [];
    const values = isTable(env) && Object.hasOwn(env, environment) ? env[environment] : undefined;
    if (!isTable(values)) {
      const suggestion = didYouMean(environment, names);
      throw errors.VP_CONFIG_ENVIRONMENT_UNKNOWN({ name: environment, suggestion });
    }
    layers.push(layer(`env.${environment}`, values, (path) => file.where(['env', environment, ...path])));
  }
  const known = layers.map((each) => each.values);
  return [...layers, variablesLayer(variables, known), flagsLayer(set)];
}

function defaultsLayer(values: ConfigTable = {}): ConfigLayer {
  let merged: ConfigTable = builtInDefaults;
  for (const [key, value] of Object.entries(values)) {
    const before = merged[key];
    merged = { ...merged, [key]: isTable(before) && isTable(value) ? { ...before, ...value } : value };
  }
  return layer('defaults', merged, () => ({ text: 'built in' }));
}

function layer(name: string, values: ConfigTable, where: ConfigLayer['where']): ConfigLayer {
  const plain = plainValue(values);
  return {
    name,
    values: longPlugins(isTable(plain) ? plain : {}),
    where: (path) => ({ pointer: jsonPointer(path), ...where(path) }),
  };
}

/** `"@vp/files" = "^1.0.0"` is short for a table with a version, so that later layers merge into it. */
function longPlugins(values: ConfigTable): ConfigTable {
  if (!isTable(values.plugins)) return values;
  const long = Object.entries(values.plugins).map(([name, value]) => [
    name,
    typeof value === 'string' || isRawText(value) ? { version: value } : value,
  ]);
  return { ...values, plugins: Object.fromEntries(long) };
}

/**
 * `VP_ENGINE__DUCKDB__MEMORY_LIMIT`: `__` between keys. Variables cannot spell every key, so each
 * part also finds the key of another layer that reads the same in capitals: `VP_PLUGINS__VP_FILES__VERSION`.
 */
function variablesLayer(
  variables: Readonly<Record<string, string | undefined>>,
  known: readonly ConfigTable[] = [],
): ConfigLayer {
  const origins = new Map<string, string>();
  let values: ConfigTable = {};
  for (const variable of Object.keys(variables).sort()) {
    const value = variables[variable];
    if (value === undefined || !/^VP_[^_].*__/.test(variable)) continue;
    const path = variablePath(variable.slice('VP_'.length).split('__'), known);
    values = withValue(values, path, rawText(value));
    origins.set(jsonPointer(path), variable);
  }
  return layer('environment', values, (path) => ({
    text: `environment variable ${originOf(origins, path) ?? 'VP_…'}`,
  }));
}

function variablePath(parts: readonly string[], known: readonly ConfigTable[]): ConfigPath {
  let tables: readonly unknown[] = known;
  return parts.map((part) => {
    const here = tables.filter(isTable);
    const keys = here.flatMap((table) => Object.keys(table));
    const key = keys.find((each) => asVariable(each) === part.toUpperCase()) ?? part.toLowerCase();
    tables = here.map((table) => table[key]);
    return key;
  });
}

/** How a key reads in the name of a variable: `@vp/files` is `VP_FILES`. */
export function asVariable(key: string): string {
  return key
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
}

function flagsLayer(set: readonly string[]): ConfigLayer {
  const origins = new Map<string, string>();
  let values: ConfigTable = {};
  for (const flag of set) {
    // A quoted key may hold an equals sign.
    const match = /^((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^=])*?)=(.*)$/s.exec(flag);
    if (match === null) throw errors.VP_CONFIG_BAD_FLAG({ flag });
    const path = parseKey(match[1] ?? '');
    values = withValue(values, path, rawText(match[2] ?? ''));
    origins.set(jsonPointer(path), (match[1] ?? '').trim());
  }
  return layer('flags', values, (path) => ({ text: `--set ${originOf(origins, path) ?? '…'}` }));
}

/** The variable or flag that set the value at `path`, a table around it, or something inside it. */
function originOf(origins: ReadonlyMap<string, string>, path: ConfigPath): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const origin = origins.get(jsonPointer(path.slice(0, length)));
    if (origin !== undefined) return origin;
  }
  const inside = `${jsonPointer(path)}/`;
  return [...origins].find(([pointer]) => pointer.startsWith(inside))?.[1];
}
