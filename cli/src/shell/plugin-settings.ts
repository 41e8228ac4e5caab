import type { Setting } from '@vp/installer';
import type { ResolvedConfig } from '@vp/kernel';
import type { PluginUser } from './plugin-users.ts';

/** What a project sets of the things that plugins bring: connections, sections of vp.toml, options of assets. */
export function pluginSettings(config: ResolvedConfig, users: readonly PluginUser[]): readonly Setting[] {
  const connections = Object.entries(config.values.connections).flatMap(([name, { use, ...values }]) =>
    // Source and sink of one name read the same connection.
    (['source', 'sink'] as const).map(
      (point): Setting => ({ place: `connections.${name}`, point, id: use, schema: 'config', values }),
    ),
  );
  const sections = config.points.flatMap((point) =>
    Object.entries(tableOf(config.merged[point])).map(
      ([id, values]): Setting => ({
        place: `${point}.${id}`,
        point,
        id,
        schema: 'config',
        values: tableOf(values),
      }),
    ),
  );
  const options = users.flatMap(({ name, point, id, options: values }): Setting[] =>
    values === undefined
      ? []
      : [{ place: name.includes(' ') ? name : `asset ${name}`, point, id, schema: 'options', values }],
  );
  return [...connections, ...sections, ...options];
}

const tableOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
