import { type Grants, parseGrants, type ResolvedConfig } from '../config/index.ts';
import { valueAt } from '../config/values.ts';
import type { WantedPlugin } from '../integrity/index.ts';

/** The plugins of `[plugins]`, as they are held against vp.lock. */
export function wantedPlugins(config: ResolvedConfig): readonly WantedPlugin[] {
  return Object.entries(config.values.plugins).map(([name, { package: packageName, version: range }]) => ({
    name,
    package: packageName,
    range,
    grants: writtenGrants(config, name),
  }));
}

/** As vp.toml has them: an environment, a variable or a flag may grant otherwise without a new lock. */
function writtenGrants(config: ResolvedConfig, name: string): Grants | undefined {
  const path = ['plugins', name, 'grants'];
  const layers = config.layers.filter(({ values }) => valueAt(values, path) !== undefined);
  if (layers.every((layer) => layer.name === 'vp.toml')) return config.values.plugins[name]?.grants;
  const written = layers.find((layer) => layer.name === 'vp.toml');
  return written === undefined ? undefined : parseGrants(valueAt(written.values, path));
}
