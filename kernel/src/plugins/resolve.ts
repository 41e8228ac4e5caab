import { join } from 'node:path';
import { points, type VpError } from '@vp/contracts';
import semver from 'semver';
import { errors as serviceErrors } from '../services/index.ts';
import { contributionsOf, type ManifestContribution, placeOf } from './contributions.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';
import { type Candidate, conflictInWords, solveVersions } from './version-solver.ts';

/** Everything about the plugins that fit together. */
export interface Resolution {
  /** By `point/id`. */
  readonly contributions: ReadonlyMap<string, ManifestContribution>;
  /** Usable plugins, dependencies first. */
  readonly order: readonly Plugin[];
}

/**
 * Finds out which plugins fit together, from their manifests. A plugin that does not fit is failed
 * with the reason, and the rest is looked at again without it: what it offered is then missing, too.
 */
export function resolve(init: {
  readonly plugins: readonly Plugin[];
  /** Services of the kernel itself. */
  readonly kernelServices: readonly string[];
  readonly fail: (plugin: Plugin, error: VpError) => void;
}): Resolution {
  for (;;) {
    const usable = init.plugins.filter((plugin) => plugin.isUsable);
    const fault = firstFault(usable, init);
    if (fault === undefined) {
      const order = link(usable);
      for (const plugin of order) plugin.state = 'resolved';
      return { contributions: contributionMap(usable), order };
    }
    init.fail(fault.plugin, fault.error);
  }
}

interface Fault {
  readonly plugin: Plugin;
  readonly error: VpError;
}

function firstFault(
  usable: readonly Plugin[],
  init: { readonly plugins: readonly Plugin[]; readonly kernelServices: readonly string[] },
): Fault | undefined {
  return (
    versionFault(usable, init.plugins) ??
    duplicateFault(usable, init.kernelServices) ??
    pointFault(usable) ??
    serviceFault(usable, init) ??
    cycleFault(usable)
  );
}

function context(plugin: Plugin, pointer: string) {
  return {
    plugin: plugin.label,
    phase: 'resolve',
    at: { file: join(plugin.folder, 'package.json'), pointer },
  };
}

function versionFault(usable: readonly Plugin[], all: readonly Plugin[]): Fault | undefined {
  const named = new Map<string, Plugin>();
  for (const plugin of usable) named.set(plugin.name, plugin).set(plugin.packageName, plugin);
  for (const plugin of usable) {
    for (const [name, range] of Object.entries(plugin.manifest.requires?.plugins ?? {})) {
      if (semver.validRange(range) === null) {
        const what = `what ${plugin.label} requires of ${name}`;
        const at = context(plugin, '/vp/requires/plugins');
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
    error: errors.VP_PLUGIN_CONFLICT({ facts }, { ...context(culprit, '/vp/requires/plugins'), details }),
  };
}

function dependencyFault(plugin: Plugin, needed: Plugin, cause: VpError): Fault {
  const params = { plugin: plugin.label, needs: needed.label, why: cause.message };
  const at = { plugin: plugin.label, phase: 'resolve', cause };
  return { plugin, error: errors.VP_PLUGIN_DEPENDENCY_FAILED(params, at) };
}

function duplicateFault(usable: readonly Plugin[], kernelServices: readonly string[]): Fault | undefined {
  const contributions = new Map<string, ManifestContribution>();
  const providers = new Map<string, string>(kernelServices.map((key) => [key, 'the kernel']));
  const definers = new Map<string, string>(
    Object.values(points).map((point) => [point.contract, 'the kernel']),
  );
  for (const plugin of usable) {
    for (const contribution of contributionsOf(plugin)) {
      const { point, manifest } = contribution;
      const { id } = manifest;
      const other = contributions.get(`${point}/${id}`);
      if (other !== undefined) {
        const params = {
          point,
          id,
          first: other.plugin.label,
          firstFile: placeOf(other),
          second: plugin.label,
          secondFile: placeOf(contribution),
        };
        return {
          plugin,
          error: errors.VP_CONTRIBUTION_DUPLICATE(params, context(plugin, contribution.pointer)),
        };
      }
      contributions.set(`${point}/${id}`, contribution);
    }
    for (const service of plugin.manifest.provides ?? []) {
      const first = providers.get(service);
      if (first !== undefined) {
        const params = { service, first, second: plugin.label };
        return { plugin, error: serviceErrors.VP_SERVICE_DUPLICATE(params, context(plugin, '/vp/provides')) };
      }
      providers.set(service, plugin.label);
    }
    for (const { id, major } of plugin.manifest.points ?? []) {
      const point = `${id}@${major}`;
      const first = definers.get(point);
      if (first !== undefined) {
        const params = { point, first, second: plugin.label };
        return { plugin, error: errors.VP_POINT_DUPLICATE(params, context(plugin, '/vp/points')) };
      }
      definers.set(point, plugin.label);
    }
  }
  return undefined;
}

/** Contributions to points that nobody defines. */
function pointFault(usable: readonly Plugin[]): Fault | undefined {
  const defined = usable
    .flatMap((plugin) => plugin.manifest.points ?? [])
    .map((p) => ({ ...p, key: `${p.id}@${p.major}` }));
  const standard = new Set(Object.values(points).map((point) => point.id));
  for (const plugin of usable) {
    for (const { point, pointer, manifest } of contributionsOf(plugin)) {
      const { id, contract } = manifest;
      if (standard.has(point) || defined.some(({ key }) => key === contract)) continue;
      const serves = defined.filter((each) => each.id === point).map(({ key }) => key);
      const params = { plugin: plugin.label, id, contract, serves };
      return { plugin, error: errors.VP_PLUGIN_CONTRACT(params, context(plugin, `${pointer}/contract`)) };
    }
  }
  return undefined;
}

function serviceFault(
  usable: readonly Plugin[],
  init: { readonly plugins: readonly Plugin[]; readonly kernelServices: readonly string[] },
): Fault | undefined {
  const known = [...init.kernelServices, ...usable.flatMap((plugin) => plugin.manifest.provides ?? [])];
  for (const plugin of usable) {
    for (const [index, service] of (plugin.manifest.requires?.services ?? []).entries()) {
      if (known.includes(service)) continue;
      const broken = init.plugins.find(
        (other) => !other.isUsable && other.package?.vp.provides?.includes(service) === true,
      );
      if (broken?.error !== undefined) return dependencyFault(plugin, broken, broken.error);
      const params = { service, by: plugin.label, known };
      const at = context(plugin, `/vp/requires/services/${index}`);
      return { plugin, error: serviceErrors.VP_SERVICE_MISSING(params, at) };
    }
  }
  return undefined;
}

interface Edge {
  readonly plugin: Plugin;
  readonly optional: boolean;
  /** What is needed: the service, or `undefined` for the plugin itself. */
  readonly service: string | undefined;
}

function edgesOf(plugin: Plugin, usable: readonly Plugin[]): readonly Edge[] {
  const { services = [], optionalServices = [], plugins = {} } = plugin.manifest.requires ?? {};
  const provider = (service: string, optional: boolean): readonly Edge[] =>
    usable
      .filter((other) => other !== plugin && other.manifest.provides?.includes(service) === true)
      .map((other) => ({ plugin: other, optional, service }));
  const required = usable
    .filter((other) => other !== plugin && other.packageName in plugins)
    .map((other) => ({ plugin: other, optional: false, service: undefined }));
  return [
    ...required,
    ...services.flatMap((service) => provider(service, false)),
    ...optionalServices.flatMap((service) => provider(service, true)),
  ];
}

function cycleFault(usable: readonly Plugin[]): Fault | undefined {
  const done = new Set<Plugin>();
  const path: Edge[] = [];
  const visit = (plugin: Plugin): Fault | undefined => {
    const start = path.findIndex((edge) => edge.plugin === plugin);
    const closing = path.at(-1);
    if (start >= 0 && start < path.length - 1 && closing !== undefined) {
      return cycleError(path.slice(start + 1), plugin);
    }
    if (done.has(plugin)) return undefined;
    for (const edge of edgesOf(plugin, usable)) {
      path.push(edge);
      const fault = visit(edge.plugin);
      path.pop();
      if (fault !== undefined) return fault;
    }
    done.add(plugin);
    return undefined;
  };
  for (const plugin of usable) {
    path.push({ plugin, optional: false, service: undefined });
    const fault = visit(plugin);
    path.pop();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function cycleError(edges: readonly Edge[], plugin: Plugin): Fault {
  const keys = edges.map((edge) => edge.service);
  const owners = edges.map((edge) => edge.plugin.label);
  const at = context(plugin, '/vp/requires');
  if (keys.every((key) => key !== undefined)) {
    const last = keys.at(-1) ?? '';
    return { plugin, error: serviceErrors.VP_SERVICE_CYCLE({ path: [last, ...keys], owners }, at) };
  }
  return { plugin, error: errors.VP_PLUGIN_CYCLE({ path: [plugin.label, ...owners] }, at) };
}

function contributionMap(usable: readonly Plugin[]): ReadonlyMap<string, ManifestContribution> {
  return new Map(
    usable
      .flatMap(contributionsOf)
      .map((contribution) => [`${contribution.point}/${contribution.manifest.id}`, contribution]),
  );
}

/** Ties plugins to those that they depend on, and sorts them: dependencies first. */
function link(usable: readonly Plugin[]): readonly Plugin[] {
  const order = new Set<Plugin>();
  const visit = (plugin: Plugin): void => {
    if (order.has(plugin)) return;
    const edges = edgesOf(plugin, usable);
    for (const edge of edges) visit(edge.plugin);
    const needed = new Map<Plugin, boolean>();
    for (const { plugin: other, optional } of edges)
      needed.set(other, optional && (needed.get(other) ?? true));
    plugin.dependsOn = [...needed].map(([other, optional]) => ({ plugin: other, optional }));
    order.add(plugin);
  };
  for (const plugin of usable) visit(plugin);
  return [...order];
}
