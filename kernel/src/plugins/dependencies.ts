import { errors as serviceErrors } from '../services/index.ts';
import { errors } from './errors.ts';
import { type Fault, placeOfFault } from './fault.ts';
import type { Plugin } from './plugin.ts';

interface Edge {
  readonly plugin: Plugin;
  readonly optional: boolean;
  /** What is needed: the service, or `undefined` for the plugin itself. */
  readonly service: string | undefined;
}

/** Who needs whom. Indexed once, because a deployment may have hundreds of plugins. */
function edges(usable: readonly Plugin[]): (plugin: Plugin) => readonly Edge[] {
  const byService = new Map<string, Plugin[]>();
  const byPackage = Map.groupBy(usable, (plugin) => plugin.packageName);
  for (const plugin of usable) {
    for (const service of plugin.manifest.provides ?? []) {
      byService.set(service, [...(byService.get(service) ?? []), plugin]);
    }
  }
  return (plugin) => {
    const { services = [], optionalServices = [], plugins = {} } = plugin.manifest.requires ?? {};
    const to = (found: readonly Plugin[] = [], facts: Omit<Edge, 'plugin'>): readonly Edge[] =>
      found.filter((other) => other !== plugin).map((other) => ({ plugin: other, ...facts }));
    return [
      ...Object.keys(plugins).flatMap((name) =>
        to(byPackage.get(name), { optional: false, service: undefined }),
      ),
      ...services.flatMap((service) => to(byService.get(service), { optional: false, service })),
      ...optionalServices.flatMap((service) => to(byService.get(service), { optional: true, service })),
    ];
  };
}

/** Plugins that need each other in a circle. */
export function cycleFault(usable: readonly Plugin[]): Fault | undefined {
  const edgesOf = edges(usable);
  const done = new Set<Plugin>();
  const path: Edge[] = [];
  const visit = (plugin: Plugin): Fault | undefined => {
    const start = path.findIndex((edge) => edge.plugin === plugin);
    const closing = path.at(-1);
    if (start >= 0 && start < path.length - 1 && closing !== undefined) {
      return cycleError(path.slice(start + 1), plugin);
    }
    if (done.has(plugin)) return undefined;
    for (const edge of edgesOf(plugin)) {
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

function cycleError(path: readonly Edge[], plugin: Plugin): Fault {
  const keys = path.map((edge) => edge.service);
  const owners = path.map((edge) => edge.plugin.label);
  const at = placeOfFault(plugin, '/vp/requires');
  if (keys.every((key) => key !== undefined)) {
    const last = keys.at(-1) ?? '';
    return { plugin, error: serviceErrors.VP_SERVICE_CYCLE({ path: [last, ...keys], owners }, at) };
  }
  return { plugin, error: errors.VP_PLUGIN_CYCLE({ path: [plugin.label, ...owners] }, at) };
}

/** Ties plugins to those that they depend on, and sorts them: dependencies first. */
export function link(usable: readonly Plugin[]): readonly Plugin[] {
  const edgesOf = edges(usable);
  const order = new Set<Plugin>();
  const visit = (plugin: Plugin): void => {
    if (order.has(plugin)) return;
    const found = edgesOf(plugin);
    for (const edge of found) visit(edge.plugin);
    const needed = new Map<Plugin, boolean>();
    for (const { plugin: other, optional } of found)
      needed.set(other, optional && (needed.get(other) ?? true));
    plugin.dependsOn = [...needed].map(([other, optional]) => ({ plugin: other, optional }));
    order.add(plugin);
  };
  for (const plugin of usable) visit(plugin);
  return [...order];
}
