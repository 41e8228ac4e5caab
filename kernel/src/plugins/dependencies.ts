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

/** Plugins that need each other in a circle. */
export function cycleFault(usable: readonly Plugin[]): Fault | undefined {
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
  const at = placeOfFault(plugin, '/vp/requires');
  if (keys.every((key) => key !== undefined)) {
    const last = keys.at(-1) ?? '';
    return { plugin, error: serviceErrors.VP_SERVICE_CYCLE({ path: [last, ...keys], owners }, at) };
  }
  return { plugin, error: errors.VP_PLUGIN_CYCLE({ path: [plugin.label, ...owners] }, at) };
}

/** Ties plugins to those that they depend on, and sorts them: dependencies first. */
export function link(usable: readonly Plugin[]): readonly Plugin[] {
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
