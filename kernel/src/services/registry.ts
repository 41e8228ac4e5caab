import type { ServiceRef } from '@vp/contracts';
import type { DisposalStack } from './disposal-stack.ts';
import { errors } from './errors.ts';
import {
  type AnyServiceFactory,
  checkCycle,
  checkScopes,
  type ServiceBinding,
  type ServiceRecord,
} from './service-record.ts';

/** A service that a manifest (or the kernel) promises. */
export interface ServiceDeclaration {
  readonly key: string;
  readonly owner: string;
  /** Where its root instance is closed, so that it never outlives what it is made of. */
  readonly disposals?: DisposalStack;
  /** Whether its plugin can be used; optional refs of one that cannot give `undefined`. */
  readonly isAvailable?: () => boolean;
  /** Runs at its first use. */
  readonly load: () => Promise<ServiceBinding>;
}

/** Which services there are, who provides them, and what they are made with once that is known. */
export class ServiceRegistry {
  readonly #records = new Map<string, ServiceRecord>();
  #sealed = false;

  get keys(): readonly string[] {
    return [...this.#records.keys()];
  }

  get(key: string): ServiceRecord | undefined {
    return this.#records.get(key);
  }

  /** From now on nothing can be declared. */
  seal(): void {
    this.#sealed = true;
  }

  declare(declaration: ServiceDeclaration): ServiceRecord {
    const { key, owner, disposals, load, isAvailable = () => true } = declaration;
    if (this.#sealed) throw errors.VP_SERVICE_SEALED({ service: key, owner });
    const other = this.#records.get(key);
    if (other !== undefined) {
      throw errors.VP_SERVICE_DUPLICATE(
        { service: key, first: other.owner, second: owner },
        { plugin: owner, phase: 'resolve' },
      );
    }
    let binding: Promise<ServiceBinding> | undefined;
    const record: ServiceRecord = {
      key,
      owner,
      disposals,
      isAvailable,
      bound: undefined,
      bind: () => {
        binding ??= load().then((bound) => {
          record.bound = bound;
          checkCycle(record, this.#records);
          return bound;
        });
        return binding;
      },
    };
    this.#records.set(key, record);
    return record;
  }
}

/** A factory with its scopes checked, ready to be bound. */
export function bindingOf(
  ref: Pick<ServiceRef<unknown>, 'key' | 'scope'>,
  factory: AnyServiceFactory,
  owner: string,
): ServiceBinding {
  const deps = factory.deps ?? {};
  checkScopes(ref, deps, owner);
  return { scope: ref.scope, deps, factory };
}
