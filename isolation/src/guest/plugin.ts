import type { ExtensionPoint, PluginDefinition, PluginRegistrar, ServiceRefs } from '@vp/contracts';
import type { GuestServices } from './services.ts';

/** A provider with its types erased. */
interface AnyProvider {
  readonly deps?: ServiceRefs;
  create(context: never): unknown;
}

/** The plugin, loaded and registered. */
export interface LoadedPlugin {
  readonly contributions: readonly string[];
  create(point: string, id: string, config: unknown): Promise<object>;
  activate(services: GuestServices): Promise<void>;
  stop(reason: unknown): Promise<void>;
}

/** Imports the plugin's entry and lets it register, as the kernel would. */
export async function loadPlugin(entry: string, services: GuestServices): Promise<LoadedPlugin> {
  const module: unknown = await import(entry);
  const definition = definitionOf(module);
  const providers = new Map<string, AnyProvider>();
  const refuse = (what: string) => () => {
    throw new TypeError(`An isolated plugin cannot ${what}.`);
  };
  const registrar: PluginRegistrar = {
    contribute(point: ExtensionPoint<unknown>, id: string, provider: AnyProvider) {
      providers.set(`${point.contract}/${id}`, provider);
    },
    provide: refuse('provide services'),
    tap: refuse('tap hooks'),
  };
  definition.register(registrar);
  const controller = new AbortController();
  const disposals: (() => void | Promise<void>)[] = [];
  return {
    contributions: [...providers.keys()],
    async create(point, id, config) {
      const provider = providers.get(`${point}/${id}`);
      if (provider === undefined) throw new TypeError(`The plugin did not register ${point} ${id}.`);
      const context = { config, deps: services.all(provider.deps) };
      const instance: unknown = await provider.create(context as never);
      if (typeof instance !== 'object' || instance === null) {
        throw new TypeError(`${point} ${id} is ${instance === null ? 'null' : typeof instance}, no object.`);
      }
      return instance;
    },
    async activate() {
      await definition.activate?.({
        deps: services.all(definition.deps),
        signal: controller.signal,
        onStop: (dispose) => disposals.push(dispose),
      });
    },
    async stop(reason) {
      controller.abort(reason);
      for (const dispose of disposals.splice(0).reverse()) await dispose();
    },
  };
}

function definitionOf(module: unknown): PluginDefinition {
  const exported =
    typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (isDefinition(exported)) return exported;
  throw new TypeError("The entry's default export is not what definePlugin gives.");
}

function isDefinition(value: unknown): value is PluginDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    '$$type' in value &&
    value.$$type === '@vp/plugin' &&
    'version' in value &&
    value.version === 'v1' &&
    'register' in value &&
    typeof value.register === 'function'
  );
}
