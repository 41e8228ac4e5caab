import { readFileSync } from 'node:fs';
import type { Grants, Policy } from '@vp/kernel';
import { errors } from '../errors.ts';
import type { DeclaredPlugin } from '../resolve/choose.ts';
import { statePaths } from '../state/paths.ts';
import { readToml } from './toml-tree.ts';
import type { PluginFields } from './vp-toml.ts';

/** vp.toml as the installer sees it. */
export interface ProjectFile {
  readonly text: string;
  readonly plugins: readonly DeclaredPlugin[];
  /** `[plugins]` as it stands there, each plugin in its long form; without those of environments alone. */
  readonly fields: Readonly<Record<string, PluginFields>>;
  /** `[policy]`, with what holds when it says nothing. */
  readonly policy: Policy;
}

const defaultPolicy: Policy = { signatures: 'require', unverified: 'allow', kill_list_max_age: '1h' };

/**
 * Reads what vp.toml says of plugins. Whether all of it is right is for the kernel to say.
 *
 * @throws VpError `VP_INSTALL_NO_PROJECT`, `VP_INSTALL_TOML`
 */
export function readProjectFile(projectDir: string): ProjectFile {
  const file = statePaths(projectDir).toml;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (Object(error).code === 'ENOENT') throw errors.VP_INSTALL_NO_PROJECT({ folder: projectDir });
    throw error;
  }
  return { text, ...parseProjectFile(text) };
}

function parseProjectFile(text: string): Omit<ProjectFile, 'text'> {
  const { values } = readToml(text, 'vp.toml');
  const fields = longPlugins(values.plugins);
  const all = { ...fields };
  // A plugin that only one environment uses is installed too: the lock is one for all of them.
  for (const environment of Object.values(Object(values.env))) {
    for (const [key, each] of Object.entries(longPlugins(Object(environment).plugins))) all[key] ??= each;
  }
  const plugins = Object.entries(all).map(([key, { version, package: name, grants }]) => ({
    key,
    package: typeof name === 'string' ? name : key,
    range: version,
    // The kernel holds it against its schema at each start.
    ...(grants === undefined ? {} : { grants: grants as Grants }),
  }));
  return { plugins, fields, policy: { ...defaultPolicy, ...Object(values.policy) } };
}

function longPlugins(plugins: unknown): Record<string, PluginFields> {
  const entries = Object.entries(Object(plugins)).map(([key, value]): [string, PluginFields] => [
    key,
    typeof value === 'string' ? { version: value } : { version: '*', ...Object(value) },
  ]);
  return Object.fromEntries(entries);
}
