import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseToml } from '../project/toml.ts';

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
  const { plugins = {} } = config.values;
  const names = typeof plugins === 'object' && plugins !== null ? Object.keys(plugins) : [];
  const text = pluginTypes(
    names.map((name) => readPlugin(project, name)).filter((found) => found !== undefined),
  );
  if (options.dryRun !== true) writeFileSync(join(project, typesFile), text);
  return text;
}

interface FoundPlugin {
  readonly pack: PackageLike;
  /** Text of its declarations; none when it ships none. */
  readonly declarations: string | undefined;
}

function readPlugin(project: string, name: string): FoundPlugin | undefined {
  for (let folder = project; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name);
    if (statSync(join(home, 'package.json'), { throwIfNoEntry: false })?.isFile()) {
      const pack: PackageLike = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
      const types = pack.exports?.['.']?.types ?? pack.types;
      const file = types === undefined ? undefined : join(home, types);
      const isThere = file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile();
      return { pack, declarations: isThere ? readFileSync(file, 'utf8') : undefined };
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Plugins with typed options are imported; the ids of the others are listed by name. */
export function pluginTypes(plugins: readonly FoundPlugin[]): string {
  const typed = plugins.filter(({ declarations }) =>
    /interface (Source|Sink)Options/.test(declarations ?? ''),
  );
  const untyped = plugins.filter((plugin) => !typed.includes(plugin));
  const ids = (key: 'sources' | 'sinks') =>
    untyped.flatMap(({ pack }) => pack.vp?.contributes?.[key] ?? []).map(({ id }) => `    '${id}': true;`);
  const interfaces = (['sources', 'sinks'] as const).flatMap((key) => {
    const lines = ids(key);
    const name = key === 'sources' ? 'KnownSources' : 'KnownSinks';
    return lines.length === 0 ? [] : [`  interface ${name} {\n${lines.join('\n')}\n  }`];
  });
  return [
    '// Written by `vp types sync` from the plugins of vp.toml: what source() and sink() may name.',
    ...typed.map(({ pack }) => `import type {} from '${pack.name}';`),
    ...(interfaces.length === 0 ? [] : [`\ndeclare module 'vibepiper' {\n${interfaces.join('\n')}\n}`]),
    ...(typed.length === 0 ? ['export {};'] : []),
    '',
  ].join('\n');
}
