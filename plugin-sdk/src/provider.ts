import type { ExtensionPoint, JsonObject, Provider, ProviderContext, ServiceRefs } from '@vp/contracts';
import { parseConfig } from './config/parse-config.ts';
import type { StandardSchema } from './config/standard-schema.ts';

/** What {@link provider} is given. */
export interface ProviderInit<Instance, Config, Deps extends ServiceRefs> {
  /** Services that `create` gets as `deps`, by the names it wants them under. */
  readonly deps?: Deps;
  /**
   * Type of the configuration: a schema of any Standard Schema library (its output, with the
   * library's own defaults and conversions, is what `create` gets), or `configType<…>()`.
   */
  readonly config?: StandardSchema<Config>;
  create(context: ProviderContext<Config, Deps>): Instance | Promise<Instance>;
}

/**
 * A provider of any extension point, with everything inferred: the instance from the point, `deps`
 * from the refs, `config` from its schema. Pass the result to `registrar.contribute`, from a file
 * of its own.
 *
 * @example
 * ```ts
 * import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
 * const shout = provider(points.alerter, {
 *   deps: { logger: services.logger },
 *   config: configType<{ readonly prefix?: string }>(),
 *   create: ({ config, deps }) => ({
 *     async send(alerts) {
 *       for (const alert of alerts) deps.logger.warn(`${config.prefix ?? ''}${alert.title.toUpperCase()}`);
 *     },
 *   }),
 * });
 * export default definePlugin({
 *   register(registrar) {
 *     registrar.contribute(points.alerter, 'shout', shout);
 *   },
 * });
 * ```
 */
export function provider<
  Instance,
  Config = JsonObject,
  const Deps extends ServiceRefs = Record<never, never>,
>(
  _point: ExtensionPoint<Instance>,
  init: ProviderInit<Instance, Config, Deps>,
): Provider<Instance, Config, Deps> {
  const { config: schema, deps } = init;
  return {
    ...(deps === undefined ? {} : { deps }),
    create: async (context) =>
      init.create(
        schema === undefined ? context : { ...context, config: await parseConfig(schema, context.config) },
      ),
  };
}
