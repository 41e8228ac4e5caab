import semver from 'semver';
import { errors } from './errors.ts';
import { dependencyFault, type Fault, placeOfFault } from './fault.ts';
import type { Plugin } from './plugin.ts';
import { type Candidate, conflictInWords, solveVersions } from './version-solver.ts';

/** Ranges of the deployment and of plugins that what is installed does not satisfy. */
export function versionFault(usable: readonly Plugin[], all: readonly Plugin[]): Fault | undefined {
  const named = new Map<string, Plugin>();
  for (const plugin of usable) named.set(plugin.name, plugin).set(plugin.packageName, plugin);
  for (const plugin of usable) {
    for (const [name, range] of Object.entries(plugin.manifest.requires?.plugins ?? {})) {
      if (semver.validRange(range) === null) {
        const what = `what ${plugin.label} requires of ${name}`;
        const at = placeOfFault(plugin, '/vp/requires/plugins');
        return { plugin, error: errors.VP_PLUGIN_BAD_RANGE({ text: range, what }, at) };
      }
      const broken = all.find((other) => other.packageName === name && !other.isUsable);
      if (!named.has(name) && broken?.error !== undefined)
        return dependencyFault(plugin, broken, broken.error);
    }
    const { range, at } = plugin.entry;
    if (range !== undefined && semver.validRange(range) === null) {
      const what = `version of ${plugin.name} in [plugins]`;
      const where = { plugin: plugin.label, phase: 'resolve', at };
      return { plugin, error: errors.VP_PLUGIN_BAD_RANGE({ text: range, what }, where) };
    }
  }
  // Plugins under an alias are wanted under it, and required under their package's name.
  const available = new Map<string, Candidate[]>();
  for (const plugin of usable) {
    const requires = plugin.manifest.requires?.plugins ?? {};
    for (const name of new Set([plugin.name, plugin.packageName])) {
      const candidate = { name, version: plugin.package?.version ?? '', requires };
      available.set(name, [...(available.get(name) ?? []), candidate]);
    }
  }
  const wishes = usable.map((plugin) => ({
    name: plugin.name,
    range: plugin.entry.range ?? '*',
    by: 'vp.toml',
  }));
  const solution = solveVersions({ wishes, available });
  if (solution.ok) return undefined;
  const { conflict } = solution;
  const culprit = named.get(
    conflict.find((fact) => fact.of !== undefined)?.of?.name ?? conflict[0]?.name ?? '',
  );
  if (culprit === undefined) throw new TypeError('a conflict must name a plugin');
  const facts = conflictInWords(conflict, available);
  const details = { conflict: conflict.map(({ by, name, range }) => ({ by, name, range })) };
  return {
    plugin: culprit,
    error: errors.VP_PLUGIN_CONFLICT(
      { facts },
      { ...placeOfFault(culprit, '/vp/requires/plugins'), details },
    ),
  };
}
