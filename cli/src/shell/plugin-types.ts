import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseToml } from '../project/toml.ts';
import { aliasPrefix, installedFolder, pluginFolder, pluginsOf } from './plugin-folder.ts';

/** The file that tells the editor which sources and sinks the project's plugins bring. */
export const typesFile = 'vp-env.d.ts';

interface PackageLike {
  readonly name: string;
  readonly types?: string;
  readonly exports?: { readonly '.'?: { readonly types?: string } };
  readonly vp?: {
    readonly contributes?: {
      readonly sources?: readonly { readonly id: string }[];
      readonly sinks?: readonly { readonly id: string }[];
    };
  };
}

/** Writes {@link typesFile} from the plugins of vp.toml; gives its text. */
export function writePluginTypes(project: string, options: { readonly dryRun?: boolean } = {}): string {
  const config = parseToml(readFileSync(join(project, 'vp.toml'), 'utf8'), 'vp.toml');
  const plugins = pluginsOf(config.values.plugins);
  const found = plugins.map((plugin) => readPlugin(project, plugin, aliasPrefix(plugin, plugins)));
  const text = pluginTypes(found.filter((plugin) => plugin !== undefined));
  if (options.dryRun !== true) writeFileSync(join(project, typesFile), text);
  return text;
}

interface FoundPlugin {
  readonly pack: PackageLike;
  /** Text of its declarations; none when it ships none. */
  readonly declarations: string | undefined;
  /** How the project imports them. */
  readonly specifier: string;
  /** What its ids begin with in this project. */
  readonly prefix?: string;
  /**
   * What re-exports the contracts that the plugin extends, when those are not the project's own: what
   * `vp plugins install` brings stands on a tree of its own. Not the contracts themselves: by a relative
   * path they would be another file than by their name, which TypeScript follows through links.
   */
  readonly contracts?: string;
}

function readPlugin(
  project: string,
  plugin: { readonly key: string; readonly package: string },
  prefix: string,
): FoundPlugin | undefined {
  const home = pluginFolder(project, plugin);
  if (home === undefined) return undefined;
  const pack: PackageLike = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  // Another version of it has types for the same ids: those of this one are known by name.
  if (prefix !== '') return { pack, declarations: undefined, specifier: pack.name, prefix };
  const types = pack.exports?.['.']?.types ?? pack.types;
  const file = types === undefined ? undefined : join(home, types);
  const isThere = file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile();
  if (!isThere) return { pack, declarations: undefined, specifier: pack.name };
  const declarations = readFileSync(file, 'utf8');
  const generation = join(project, installedFolder, 'node_modules');
  if (!home.startsWith(generation)) return { pack, declarations, specifier: pack.name };
  const here = (path: string) => `./${relative(project, path).replaceAll('\\', '/')}`;
  const contracts = ['node_modules', '..', '../..']
    .map((folder) => join(home, folder, '@vp/plugin-sdk/dist/index.d.ts'))
    .find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
  return {
    pack,
    declarations,
    specifier: here(file),
    ...(contracts === undefined ? {} : { contracts: here(contracts) }),
  };
}

/** Plugins with typed options are imported; the ids of the others are listed by name. */
export function pluginTypes(plugins: readonly FoundPlugin[]): string {
  const typed = plugins.filter(({ declarations }) =>
    /interface (Source|Sink)Options/.test(declarations ?? ''),
  );
  const untyped = plugins.filter((plugin) => !typed.includes(plugin));
  const contracts = [...new Set(typed.flatMap((plugin) => plugin.contracts ?? []))];
  const imports = contracts.map(
    (file, i) => `import type { SinkOptions as Sinks${i}, SourceOptions as Sources${i} } from '${file}';`,
  );
  const interfaces = (['Source', 'Sink'] as const).flatMap((kind) => {
    const key = kind === 'Source' ? 'sources' : 'sinks';
    const lines = untyped
      .flatMap(({ pack, prefix = '' }) =>
        (pack.vp?.contributes?.[key] ?? []).map(({ id }) => `    '${prefix}${id}': true;\n`),
      )
      .join('');
    const parents = contracts.map((_, i) => `${kind}s${i}`).join(', ');
    if (lines === '' && parents === '') return [];
    const head = `interface Known${kind}s${parents === '' ? '' : ` extends ${parents}`}`;
    return [`  ${head} {${lines === '' ? '' : `\n${lines}  `}}`];
  });
  return [
    '// Written by `vp types sync` from the plugins of vp.toml: what source() and sink() may name.',
    ...imports,
    ...typed.map(({ specifier }) => `import type {} from '${specifier}';`),
    ...(interfaces.length === 0 ? [] : [`\ndeclare module 'vibepiper' {\n${interfaces.join('\n')}\n}`]),
    ...(typed.length === 0 ? ['export {};'] : []),
    '',
  ].join('\n');
}
