import type { ServiceFactory, ServiceRefs, ServicesOf } from '@vp/contracts';

/** A service made by its factory, outside of any kernel. */
export interface TestService<T> extends AsyncDisposable {
  readonly service: T;
}

/**
 * Makes a service with the dependencies that the test gives, and disposes it as the kernel would.
 *
 * @example
 * ```ts
 * import { type ServiceFactory, services } from '@vp/plugin-sdk';
 * import { fakeClock, testServiceFactory } from '@vp/plugin-sdk/testing';
 * const deps = { clock: services.clock };
 * const factory: ServiceFactory<{ age(): number }, typeof deps> = {
 *   deps,
 *   create: ({ clock }) => {
 *     const born = clock.now();
 *     return { age: () => clock.now() - born };
 *   },
 * };
 * const clock = fakeClock();
 * await using made = await testServiceFactory(factory, { clock });
 * await clock.advance(1000);
 * console.log(made.service.age()); // 1000
 * ```
 */
export async function testServiceFactory<T, Deps extends ServiceRefs>(
  factory: ServiceFactory<T, Deps>,
  deps: ServicesOf<Deps>,
): Promise<TestService<T>> {
  const service = await factory.create(Object.freeze({ ...deps }));
  return {
    service,
    async [Symbol.asyncDispose]() {
      if (isAsyncDisposable(service)) await service[Symbol.asyncDispose]();
      else if (isDisposable(service)) service[Symbol.dispose]();
    },
  };
}

const isAsyncDisposable = (value: unknown): value is AsyncDisposable =>
  typeof value === 'object' && value !== null && Symbol.asyncDispose in value;

const isDisposable = (value: unknown): value is Disposable =>
  typeof value === 'object' && value !== null && Symbol.dispose in value;
