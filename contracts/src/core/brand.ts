/**
 * Identity across package copies. Two plugins may each carry their own copy of this package, so
 * nothing that crosses a boundary is recognised by `instanceof`: it carries a `$$type` string.
 */
export interface Branded<Type extends string = string, Version extends string = string> {
  readonly $$type: Type;
  readonly version: Version;
}

/**
 * Whether `value` is a plain object that carries the brand `type` (and, when given, `version`).
 *
 * @example
 * ```ts
 * import { hasBrand } from '@vp/contracts';
 * const value: unknown = { $$type: '@vp/plugin', version: 'v1' };
 * if (hasBrand(value, '@vp/plugin', 'v1')) console.log(value.version);
 * ```
 */
export function hasBrand<Type extends string, Version extends string>(
  value: unknown,
  type: Type,
  version?: Version,
): value is Branded<Type, Version> {
  return (
    typeof value === 'object' &&
    value !== null &&
    '$$type' in value &&
    value.$$type === type &&
    'version' in value &&
    (version === undefined || value.version === version)
  );
}
