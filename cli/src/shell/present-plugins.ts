import { didYouMean, isVpError, type VpError } from '@vp/contracts';
import type { InstalledPlugin, Outlook, Packument, RegistryClient } from '@vp/installer';
import type { Kernel } from '@vp/kernel';
import { errors } from './errors.ts';
import { placedPolicy } from './placed-policy.ts';

/** The plugins of a project that came from somewhere: not those that a folder is linked for. */
export function presentPlugins(kernel: Kernel): readonly InstalledPlugin[] {
  return kernel.plugins().flatMap(({ name, package: packageName, version, directory, manifest, origin }) => {
    if (version === undefined || directory === undefined || manifest === undefined || origin === 'link')
      return [];
    const range = kernel.config.values.plugins[name]?.version ?? '*';
    return [{ key: name, package: packageName, version, range, directory, manifest }];
  });
}

/** Those of them that the command line names; all when it names none. */
export function namedPlugins(
  plugins: readonly InstalledPlugin[],
  names: readonly string[],
): readonly InstalledPlugin[] {
  for (const name of names) {
    if (plugins.some(({ key }) => key === name)) continue;
    const suggestion = didYouMean(
      name,
      plugins.map(({ key }) => key),
    );
    throw errors.VP_CLI_PLUGIN_UNKNOWN({ plugin: name, suggestion });
  }
  return names.length === 0 ? plugins : plugins.filter(({ key }) => names.includes(key));
}

export interface Sighting {
  readonly plugin: InstalledPlugin;
  readonly packument: Packument;
  readonly outlook: Outlook;
}

export interface Sightings {
  readonly found: readonly Sighting[];
  /** Plugins whose registry does not know them, or did not answer. */
  readonly missing: readonly { readonly plugin: InstalledPlugin; readonly error: VpError }[];
}

/** What the registries have for plugins. Fails when they have nothing for any of them. */
export async function lookOut(request: {
  readonly plugins: readonly InstalledPlugin[];
  readonly client: RegistryClient;
  readonly kernel: Kernel;
}): Promise<Sightings> {
  const { plugins, client, kernel } = request;
  const { outlook } = await import('@vp/installer');
  const policy = placedPolicy(kernel.config);
  const now = new Date();
  const answers = await Promise.allSettled(plugins.map((plugin) => client.packument(plugin.package)));
  const found: Sighting[] = [];
  const missing: { readonly plugin: InstalledPlugin; readonly error: VpError }[] = [];
  for (const [index, answer] of answers.entries()) {
    const plugin = plugins[index];
    if (plugin === undefined) continue;
    if (answer.status === 'fulfilled') {
      const { value: packument } = answer;
      const registry = client.registryOf(plugin.package);
      const seen = outlook({ plugin, packument, registry, policy, now });
      found.push({ plugin, packument, outlook: seen });
    } else if (isVpError(answer.reason)) missing.push({ plugin, error: answer.reason });
    else throw answer.reason;
  }
  const [first] = missing;
  if (found.length === 0 && first !== undefined) throw first.error;
  return { found, missing };
}
