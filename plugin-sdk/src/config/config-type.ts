import type { StandardSchema } from './standard-schema.ts';

/**
 * The TypeScript type of a configuration, for {@link provider}. It checks nothing: the host has
 * validated the value against the JSON Schema of the manifest before the provider gets it.
 *
 * @example
 * ```ts
 * import { configType, type Secret } from '@vp/plugin-sdk';
 * const config = configType<{ readonly host: string; readonly password?: Secret }>();
 * ```
 */
export function configType<Config>(): StandardSchema<Config> {
  return {
    '~standard': {
      version: 1,
      vendor: '@vp/plugin-sdk',
      validate: (value) => ({ value: value as Config }),
    },
  };
}
