import type { ServiceRef, ServiceRefs, ServiceScope } from '@vp/contracts';
import type { DisposalStack } from './disposal-stack.ts';
import { errors } from './errors.ts';

/** Who asks for a service of scope `plugin` or `run`. The kernel's own factories may look at it. */
export interface ServiceAsker {
  readonly plugin: string | undefined;
  readonly runId: string | undefined;
}

/** A `ServiceFactory` with its type erased, and with the asker for the kernel's own services. */
export interface AnyServiceFactory {
  readonly deps?: ServiceRefs;
  create(deps: never, asker: ServiceAsker): unknown;
}

/** A service's factory, known once the plugin that provides it is loaded. */
export interface ServiceBinding {
  readonly scope: ServiceScope;
  readonly deps: ServiceRefs;
  readonly factory: AnyServiceFactory;
}

/** A service that a manifest (or the kernel) promises. `bind` loads the plugin that keeps the promise. */
export interface ServiceRecord {
  readonly key: string;
  readonly owner: string;
  readonly disposals: DisposalStack | undefined;
  isAvailable(): boolean;
  bound: ServiceBinding | undefined;
  bind(): Promise<ServiceBinding>;
}

const width: Readonly<Record<ServiceScope, number>> = { root: 0, plugin: 1, run: 2 };

/** Refuses a dependency on something that lives shorter. */
export function checkScopes(
  ref: Pick<ServiceRef<unknown>, 'key' | 'scope'>,
  deps: ServiceRefs,
  owner: string,
) {
  for (const dep of Object.values(deps)) {
    if (width[dep.scope] > width[ref.scope]) {
      throw errors.VP_SERVICE_SCOPE(
        { service: ref.key, scope: ref.scope, needs: dep.key, needsScope: dep.scope },
        { plugin: owner, phase: 'register' },
      );
    }
  }
}

/** Refuses a binding that closes a circle among the services bound so far. */
export function checkCycle(start: ServiceRecord, records: ReadonlyMap<string, ServiceRecord>): void {
  const path: ServiceRecord[] = [];
  const visited = new Set<ServiceRecord>();
  const visit = (record: ServiceRecord): void => {
    path.push(record);
    for (const dep of Object.values(record.bound?.deps ?? {})) {
      const next = records.get(dep.key);
      if (next === start) {
        throw errors.VP_SERVICE_CYCLE(
          { path: [...path.map((r) => r.key), start.key], owners: path.map((r) => r.owner) },
          { plugin: start.owner, phase: 'register' },
        );
      }
      if (next !== undefined && !visited.has(next)) {
        visited.add(next);
        visit(next);
      }
    }
    path.pop();
  };
  visit(start);
}
