import type {
  ExtensionPoint,
  HookRef,
  HookTap,
  HookTapOptions,
  PluginRegistrar,
  ServiceRef,
  ServiceRefs,
} from '@vp/contracts';
import type { HookBus } from '../hooks/index.ts';
import { bindingOf, type ServiceBinding, errors as serviceErrors } from '../services/index.ts';
import { contributionsOf } from './contributions.ts';
import { errors } from './errors.ts';
import type { Plugin } from './plugin.ts';

/** A provider with its types erased: who asks for an instance knows them. */
export interface AnyProvider {
  readonly deps?: ServiceRefs;
  create(context: never): unknown;
}

/** A tap that waits for its plugin to be activated. */
export interface RegisteredTap {
  readonly key: string;
  attach(bus: HookBus): () => void;
}

/** What a plugin registered. */
export interface Registered {
  /** By `point/id`. */
  readonly providers: ReadonlyMap<string, AnyProvider>;
  readonly services: ReadonlyMap<string, ServiceBinding>;
  readonly taps: readonly RegisteredTap[];
}

/** Keys of the services that a plugin may use. */
export function declaredServices(plugin: Plugin): ReadonlySet<string> {
  const { requires, provides } = plugin.manifest;
  return new Set([...(requires?.services ?? []), ...(requires?.optionalServices ?? []), ...(provides ?? [])]);
}

/** Refuses refs that the manifest does not name. */
export function checkDeclared(plugin: Plugin, deps: ServiceRefs | undefined): void {
  const declared = declaredServices(plugin);
  for (const ref of Object.values(deps ?? {})) {
    if (!declared.has(ref.key)) {
      throw serviceErrors.VP_SERVICE_NOT_DECLARED(
        { service: ref.key, by: plugin.label, known: [...declared] },
        { plugin: plugin.label, phase: 'register' },
      );
    }
  }
}

/** Calls a plugin's `register` and holds what it says against the manifest, in both directions. */
export function collect(plugin: Plugin, register: (registrar: PluginRegistrar) => unknown): Registered {
  const { label, manifest } = plugin;
  const context = { plugin: label, phase: 'register' };
  const providers = new Map<string, AnyProvider>();
  const services = new Map<string, ServiceBinding>();
  const taps: RegisteredTap[] = [];
  const promised = new Set(contributionsOf(plugin).map((c) => `${c.manifest.contract}/${c.manifest.id}`));
  let isOpen = true;

  const expect = (what: string, word: string, list: string, known: Iterable<string>) => {
    if (!isOpen) {
      const late = `registers ${what} after register has returned`;
      throw errors.VP_PLUGIN_REGISTER_ASYNC({ plugin: label, what: late }, context);
    }
    const names = [...known];
    if (!names.includes(word)) {
      throw errors.VP_PLUGIN_UNDECLARED({ plugin: label, what, list, known: names, word }, context);
    }
  };
  const once = (map: ReadonlyMap<string, unknown>, key: string, what: string) => {
    if (map.has(key)) throw errors.VP_PLUGIN_REGISTERED_TWICE({ plugin: label, what }, context);
  };

  const registrar: PluginRegistrar = {
    contribute(point: ExtensionPoint<unknown>, ownId: string, provider: AnyProvider) {
      const id = `${plugin.entry.prefix ?? ''}${ownId}`;
      const what = `${point.contract} ${id}`;
      expect(what, `${point.contract}/${id}`, 'vp.contributes', promised);
      const key = `${point.id}/${id}`;
      once(providers, key, what);
      checkDeclared(plugin, provider.deps);
      providers.set(key, provider);
    },
    provide(ref: ServiceRef<unknown>, factory: AnyProvider) {
      const what = `service ${ref.key}`;
      expect(what, ref.key, 'vp.provides', manifest.provides ?? []);
      once(services, ref.key, what);
      checkDeclared(plugin, factory.deps);
      services.set(ref.key, bindingOf(ref, factory, label));
    },
    tap<Arg, Result>(ref: HookRef<Arg, Result>, run: HookTap<Arg, Result>, options?: HookTapOptions) {
      expect(`a tap of ${ref.key}`, ref.key, 'vp.hooks', manifest.hooks ?? []);
      taps.push({ key: ref.key, attach: (bus) => bus.tap({ plugin: plugin.name, ref, run, options }) });
    },
  };

  const result = register(registrar);
  isOpen = false;
  if (typeof result === 'object' && result !== null && 'then' in result) {
    throw errors.VP_PLUGIN_REGISTER_ASYNC({ plugin: label, what: 'gives a promise from register' }, context);
  }
  const tapped = new Set(taps.map((tap) => tap.key));
  const missing = [
    ...[...promised]
      .filter((key) => !providers.has(key.replace(/@\d+\//, '/')))
      .map((key) => key.replace('/', ' ')),
    ...(manifest.provides ?? []).filter((key) => !services.has(key)).map((key) => `service ${key}`),
    ...(manifest.hooks ?? []).filter((key) => !tapped.has(key)).map((key) => `a tap of ${key}`),
  ];
  if (missing.length > 0) throw errors.VP_PLUGIN_UNFILLED({ plugin: label, missing }, context);
  return { providers, services, taps };
}
