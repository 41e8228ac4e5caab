import type { Branded } from '../core/brand.ts';
import type { JsonObject } from '../core/json.ts';
import type { ServiceRefs, ServicesOf } from './service-ref.ts';

/**
 * The name of an extension point: one kind of contribution, versioned by itself. The kernel serves
 * a point's current major and the one before.
 */
export interface ExtensionPoint<Instance> extends Branded<'@vp/extension-point', 'v1'> {
  readonly id: string;
  readonly major: number;
  /** `id@major`, as manifests write it: `source@1`. */
  readonly contract: string;
  /** Phantom: the type of a contribution's instance. */
  readonly $instance?: Instance;
}

/** Names an extension point. Plugins may define their own, e.g. `routes@1` of a web server. */
export function createExtensionPoint<Instance>(init: {
  readonly id: string;
  readonly major: number;
}): ExtensionPoint<Instance> {
  return { $$type: '@vp/extension-point', version: 'v1', ...init, contract: `${init.id}@${init.major}` };
}

/** What a provider gets when an instance is made. */
export interface ProviderContext<Config = JsonObject, Deps extends ServiceRefs = ServiceRefs> {
  /**
   * The configuration of this instance (`[connections.<name>]` or `[<point>.<id>]` of vp.toml),
   * validated against the manifest's schema, defaults filled in, secret references replaced by
   * `Secret` handles.
   */
  readonly config: Config;
  readonly deps: ServicesOf<Deps>;
}

/**
 * How a contribution's instances are made. The host makes one instance per connection (or per
 * binding), at first use, and disposes it when it stops (`[Symbol.asyncDispose]` when it has one).
 */
export interface Provider<Instance, Config = JsonObject, Deps extends ServiceRefs = ServiceRefs> {
  readonly deps?: Deps;
  create(context: ProviderContext<Config, Deps>): Instance | Promise<Instance>;
}
