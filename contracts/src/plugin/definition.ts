import type { Branded } from '../core/brand.ts';
import type { ExtensionPoint, Provider } from './extension-point.ts';
import type { HookRef, HookTap, HookTapOptions } from './hook-ref.ts';
import type { ServiceFactory, ServiceRef, ServiceRefs, ServicesOf } from './service-ref.ts';

/**
 * What a plugin says it has, checked against its manifest: what the manifest does not name is
 * refused, and so is a manifest entry that `register` does not fill.
 */
export interface PluginRegistrar {
  /** Fills the manifest's contribution `id` of `point`. */
  contribute<Instance, Config, const Deps extends ServiceRefs>(
    point: ExtensionPoint<Instance>,
    id: string,
    provider: Provider<Instance, Config, Deps>,
  ): void;
  /** Fills the manifest's `provides` entry of `ref`. */
  provide<T, const Deps extends ServiceRefs>(ref: ServiceRef<T>, factory: ServiceFactory<T, Deps>): void;
  /** Taps a hook. */
  tap<Arg, Result>(ref: HookRef<Arg, Result>, tap: HookTap<Arg, Result>, options?: HookTapOptions): void;
}

/** What `activate` gets. */
export interface ActivateContext<Deps extends ServiceRefs = ServiceRefs> {
  readonly deps: ServicesOf<Deps>;
  /** Aborts when the kernel stops. */
  readonly signal: AbortSignal;
  /** Runs `dispose` when the plugin stops; last added first. */
  onStop(dispose: () => void | Promise<void>): void;
}

/**
 * A plugin: the default export of the manifest's `entry`.
 *
 * `register` is synchronous and free of side effects. `activate` runs before the first use of one
 * of the plugin's contributions, and may be async.
 */
export interface PluginDefinition<Deps extends ServiceRefs = ServiceRefs>
  extends Branded<'@vp/plugin', 'v1'> {
  readonly deps?: Deps;
  register(registrar: PluginRegistrar): void;
  activate?(context: ActivateContext<Deps>): void | Promise<void>;
}
