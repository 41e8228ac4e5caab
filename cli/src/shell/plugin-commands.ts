import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describeThrown, type VpError } from '@vp/contracts';
import { devFile } from '../project/linked-plugins.ts';
import { type CommandInfo, commandWords } from './command-info.ts';
import { errors } from './errors.ts';
import { fromManifest } from './manifest-command.ts';
import { aliasPrefix, pluginFolder, pluginsOf } from './plugin-folder.ts';
import { findProjectRoot } from './project-root.ts';

/** All commands there are, and what kept some out. */
export interface CommandIndex {
  readonly commands: readonly CommandInfo[];
  /** Commands that were refused because their name is taken, by id. */
  readonly refused: ReadonlyMap<string, VpError>;
  /** Why commands of plugins may be missing. */
  readonly problems: readonly string[];
}

/** The built-in commands and those of the project's plugins, from manifests alone. */
export async function commandIndex(request: {
  readonly argv: readonly string[];
  readonly builtIn: readonly CommandInfo[];
}): Promise<CommandIndex> {
  const { argv, builtIn } = request;
  const root = findProjectRoot(resolve(projectArgument(argv) ?? process.cwd()));
  if (root === undefined) return { commands: builtIn, refused: new Map(), problems: [] };
  const { commands, problems } = await pluginCommands(root);
  return { ...withoutCollisions(builtIn, commands), problems };
}

/** The value of `--project` or `-C`, without a parser. */
export function projectArgument(argv: readonly string[]): string | undefined {
  const index = argv.findIndex((word) => /^(-C|--project)(=|$)/.test(word));
  const word = argv[index];
  return word?.includes('=') ? word.slice(word.indexOf('=') + 1) : word && argv[index + 1];
}

interface CacheFile {
  readonly format: 1;
  /** What the index was made from: path, modification time, size. */
  readonly made: readonly (readonly [file: string, stamp: string])[];
  readonly commands: readonly CommandInfo[];
}

async function pluginCommands(
  root: string,
): Promise<{ readonly commands: readonly CommandInfo[]; readonly problems: readonly string[] }> {
  const cacheFile = join(root, '.vp', 'cache', 'commands.json');
  const cached = readCache(cacheFile);
  if (cached?.made.every(([file, stamp]) => stampOf(file) === stamp))
    return { commands: cached.commands, problems: [] };

  const toml = join(root, 'vp.toml');
  const dev = join(root, devFile);
  const made: (readonly [string, string])[] = [
    [toml, stampOf(toml)],
    [dev, stampOf(dev)],
  ];
  const commands: CommandInfo[] = [];
  const problems: string[] = [];
  let plugins: ReturnType<typeof pluginsOf> = [];
  try {
    plugins = await pluginKeys(readFileSync(toml, 'utf8'));
  } catch (error) {
    problems.push(`Commands of plugins are not shown: vp.toml cannot be read (${describeThrown(error)}).`);
  }
  const isLocked = existsSync(join(root, 'vp.lock'));
  for (const plugin of plugins) {
    const folder = pluginFolder(root, plugin);
    if (folder === undefined) {
      if (isLocked)
        problems.push(
          `Commands of ${plugin.key} are not known: it is not installed. vp plugins install --frozen`,
        );
      continue;
    }
    const file = join(folder, 'package.json');
    made.push([file, stampOf(file)]);
    try {
      commands.push(...fromManifest(JSON.parse(readFileSync(file, 'utf8')), aliasPrefix(plugin, plugins)));
    } catch (error) {
      problems.push(`Commands of ${plugin.key} are not shown: ${describeThrown(error)}`);
    }
  }
  if (problems.length === 0 && plugins.length > 0 && made.length > 2)
    writeCache(cacheFile, { format: 1, made, commands });
  return { commands, problems };
}

function readCache(file: string): CacheFile | undefined {
  try {
    const cache: CacheFile = JSON.parse(readFileSync(file, 'utf8'));
    return cache.format === 1 ? cache : undefined;
  } catch {
    // No cache, or one that another version wrote half: it is made anew.
    return undefined;
  }
}

function writeCache(file: string, cache: CacheFile): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(cache));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A project that cannot be written to is listed all the same, a little slower.
  }
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.mtimeMs}:${stat.size}`;
}

async function pluginKeys(toml: string): Promise<ReturnType<typeof pluginsOf>> {
  const { getStaticTOMLValue, parseTOML } = await import('toml-eslint-parser');
  const { plugins } = getStaticTOMLValue(parseTOML(toml)) as { readonly plugins?: unknown };
  return pluginsOf(plugins);
}

/** A plugin may not take the name of a built-in command, hide one, or stand beneath one that has arguments. */
function withoutCollisions(
  builtIn: readonly CommandInfo[],
  others: readonly CommandInfo[],
): Pick<CommandIndex, 'commands' | 'refused'> {
  const refused = new Map<string, VpError>();
  const accepted: CommandInfo[] = [];
  for (const command of others) {
    const second = command.plugin?.name ?? '';
    const taken = builtIn.find((each) => overlaps(each.id, command.id));
    const same = accepted.findIndex((each) => each.id === command.id);
    if (taken === undefined && same === -1) {
      accepted.push(command);
      continue;
    }
    const first = taken === undefined ? (accepted[same]?.plugin?.name ?? '') : 'vp itself';
    refused.set(
      command.id,
      errors.VP_CLI_COMMAND_COLLISION({ command: commandWords(command), first, second }),
    );
    if (same !== -1) accepted.splice(same, 1);
  }
  return { commands: [...builtIn, ...accepted], refused };
}

function overlaps(builtIn: string, other: string): boolean {
  return builtIn === other || builtIn.startsWith(`${other}:`) || other.startsWith(`${builtIn}:`);
}
