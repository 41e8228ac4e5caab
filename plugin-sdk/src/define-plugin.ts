import type { PluginDefinition, ServiceRefs } from '@vp/contracts';

/**
 * Defines a plugin. The result is the default export of the manifest's `entry`.
 *
 * @example
 * ```ts
 * import { definePlugin, points, type Alerter } from '@vp/plugin-sdk';
 * export default definePlugin({
 *   register(registrar) {
 *     registrar.contribute(points.alerter, 'shout', {
 *       create: (): Alerter => ({
 *         async send(alerts) {
 *           for (const alert of alerts) process.stderr.write(`${alert.title.toUpperCase()}\n`);
 *         },
 *       }),
 *     });
 *   },
 * });
 * ```
 */
export function definePlugin<const Deps extends ServiceRefs = Record<never, never>>(
  definition: Omit<PluginDefinition<Deps>, '$$type' | 'version'>,
): PluginDefinition<Deps> {
  return { $$type: '@vp/plugin', version: 'v1', ...definition };
}
