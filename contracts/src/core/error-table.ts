import { type ErrorClass, VpError, type VpErrorInit } from './error.ts';

/** One row of a package's error table. `Params` are the facts its texts need. */
export interface ErrorDefinition<Params> {
  readonly class: ErrorClass;
  /** One sentence for the error index: when this happens. */
  readonly summary: string;
  message(params: Params): string;
  hint?(params: Params): string;
  readonly exitCode?: number;
}

type ErrorContext = Pick<VpErrorInit, 'plugin' | 'phase' | 'at' | 'details' | 'retryAfterMs' | 'cause'>;

/** Rows of an error table, by code; `Params` maps each code to the facts of its texts. */
export type ErrorTable<Params> = { readonly [Code in keyof Params]: ErrorDefinition<Params[Code]> };

/** The makers that {@link defineErrors} returns: one function a code. */
export type ErrorMakers<Params> = {
  readonly [Code in keyof Params]: (params: Params[Code], context?: ErrorContext) => VpError;
};

/** Nothing to add when every row is named by a code, else what is wrong with those that are not. */
type OnlyCodes<Params> =
  Exclude<keyof Params, `VP_${string}`> extends never
    ? unknown
    : { readonly [Name in Exclude<keyof Params, `VP_${string}`>]: 'a code begins with VP_' };

/**
 * A package's error table: one row a code, from which errors are made and from which the
 * documentation's error index is generated.
 *
 * @example
 * ```ts
 * import { defineErrors } from '@vp/contracts';
 * export const { errors, table } = defineErrors({
 *   VP_DEMO_FILE_MISSING: {
 *     class: 'user',
 *     summary: 'A file that the configuration names does not exist.',
 *     message: (p: { path: string }) => `File ${p.path} does not exist.`,
 *     hint: (p) => `Create ${p.path} or correct the path.`,
 *   },
 * });
 * throw errors.VP_DEMO_FILE_MISSING({ path: 'a.csv' });
 * ```
 */
export function defineErrors<Params extends object>(
  table: ErrorTable<Params> & OnlyCodes<Params>,
): { readonly errors: ErrorMakers<Params>; readonly table: ErrorTable<Params> } {
  const makers: Record<string, (params: never, context?: ErrorContext) => VpError> = {};
  for (const [code, row] of Object.entries<ErrorDefinition<never>>(table)) {
    makers[code] = (params, context = {}) =>
      new VpError({
        code,
        class: row.class,
        message: row.message(params),
        hint: row.hint?.(params),
        exitCode: row.exitCode,
        ...context,
      });
  }
  return { errors: makers as ErrorMakers<Params>, table };
}
