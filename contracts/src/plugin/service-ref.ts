import type { Branded } from '../core/brand.ts';

/**
 * How long an instance of a service lives. A service may depend on services of its own scope or a
 * wider one, never a narrower one.
 *
 * - `root`: one for the kernel
 * - `plugin`: one for each plugin that asks
 * - `run`: one for each run of a plan
 */
export type ServiceScope = 'root' | 'plugin' | 'run';

/**
 * The name of a service, with the type of what it gives. Two refs of the same `id` and `version`
 * are the same service, whichever package copy made them: the token is a `Symbol.for`.
 */
export interface ServiceRef<T> extends Branded<'@vp/service-ref', 'v1'> {
  readonly id: string;
  readonly major: number;
  readonly scope: ServiceScope;
  readonly isOptional: boolean;
  readonly token: symbol;
  /** `id@major`, as manifests write it. */
  readonly key: string;
  /** Phantom: carries `T`, is never set. */
  readonly $service?: T;
  /** The same service, `undefined` when nobody provides it. */
  optional(): ServiceRef<T | undefined>;
}

/** Services by the names under which a factory wants them. */
export type ServiceRefs = { readonly [name: string]: ServiceRef<unknown> };

/** What a factory gets for the refs that it lists. */
export type ServicesOf<Refs> = {
  readonly [Name in keyof Refs]: Refs[Name] extends ServiceRef<infer T> ? T : never;
};

/**
 * Names a service.
 *
 * @example
 * ```ts
 * import { createServiceRef } from '@vp/contracts';
 * interface Geocoder { locate(address: string): Promise<readonly [number, number]> }
 * export const geocoderRef = createServiceRef<Geocoder>({ id: 'acme.geocoder', major: 1, scope: 'root' });
 * ```
 */
export function createServiceRef<T>(init: {
  /** Dotted, lower case, first the owner: `acme.geocoder`. */
  readonly id: string;
  readonly major: number;
  readonly scope: ServiceScope;
}): ServiceRef<T> {
  const { id, major, scope } = init;
  const key = `${id}@${major}`;
  const make = <V>(isOptional: boolean): ServiceRef<V> => ({
    $$type: '@vp/service-ref',
    version: 'v1',
    id,
    major,
    scope,
    isOptional,
    key,
    token: Symbol.for(`vp:service/${key}`),
    optional: () => make<V | undefined>(true),
  });
  return make<T>(false);
}

/**
 * How a service is made: the services that it needs, and a factory that gets them. The instance is
 * made once per scope, at first use. A factory may be async. An instance with
 * `[Symbol.asyncDispose]` or `[Symbol.dispose]` is disposed when its scope ends, last made first.
 */
export interface ServiceFactory<T, Deps extends ServiceRefs = ServiceRefs> {
  readonly deps?: Deps;
  create(deps: ServicesOf<Deps>): T | Promise<T>;
}
