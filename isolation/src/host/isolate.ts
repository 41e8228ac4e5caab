import {
  type ExtensionPoint,
  type Isolate,
  type IsolateRequest,
  type PluginDefinition,
  points,
  type ServiceRef,
  services,
} from '@vp/contracts';
import { errors } from '../errors.ts';
import type { LentServices } from './host-calls.ts';
import { Instance } from './points/instance.ts';
import { standIns } from './points/stand-in.ts';
import { learnSecrets } from './secrets.ts';
import { Supervisor } from './supervisor.ts';

/** The services that cross, by their keys in manifests. */
const crossing = new Map<string, ServiceRef<unknown>>(
  Object.values(services).map((ref): [string, ServiceRef<unknown>] => [ref.key, ref]),
);

/** @throws VpError of what the plugin has and cannot have in a process of its own */
export const isolate: Isolate = async (request) => {
  refuseWhatDoesNotCross(request);
  const supervisor = new Supervisor(request);
  const deps = depsOf(request);
  const byContract = new Map<string, ExtensionPoint<object>>(
    Object.values(points).map((point) => [point.contract, point as ExtensionPoint<object>]),
  );
  const definition: PluginDefinition<typeof deps> = {
    $$type: '@vp/plugin',
    version: 'v1',
    deps,
    register(registrar) {
      for (const manifest of contributionsOf(request)) {
        const { contract, id } = manifest;
        const point = byContract.get(contract);
        const standIn = standIns[contract];
        if (point === undefined || standIn === undefined) continue;
        registrar.contribute(point, id, {
          deps,
          async create(context: { readonly config: unknown; readonly deps: object }) {
            supervisor.lend(lentBy(context.deps));
            learnSecrets(context.config, (secret) => supervisor.learn(secret));
            const instance = new Instance(supervisor, { contract, id, config: context.config });
            const remote = await instance.remote();
            return {
              ...standIn({ instance, remote, manifest }),
              [Symbol.asyncDispose]: () => instance.dispose(),
            };
          },
        });
      }
    },
    async activate(context) {
      supervisor.lend(lentBy(context.deps));
      context.onStop(() => supervisor.stop());
      await supervisor.guest();
    },
  };
  return definition as PluginDefinition;
};

interface ManifestContribution {
  readonly id: string;
  readonly contract: string;
  readonly formats?: readonly string[];
}

function contributionsOf({ package: { vp } }: IsolateRequest): readonly ManifestContribution[] {
  return Object.values(vp.contributes ?? {}).flatMap(
    (list: readonly ManifestContribution[] | undefined) => list ?? [],
  );
}

function refuseWhatDoesNotCross(request: IsolateRequest): void {
  const {
    plugin,
    package: { vp },
  } = request;
  const refuse = (what: string) => {
    throw errors.VP_ISOLATION_NOT_ACROSS({ plugin, what }, { plugin, phase: 'load' });
  };
  if (!process.allowedNodeEnvironmentFlags.has('--allow-net')) {
    throw errors.VP_ISOLATION_NODE({ plugin, version: process.versions.node }, { plugin, phase: 'load' });
  }
  for (const { contract, id } of contributionsOf(request)) {
    if (standIns[contract] === undefined) refuse(`${contract} ${id} works inside the host's process`);
  }
  for (const key of vp.provides ?? []) refuse(`it provides the service ${key} to others`);
  for (const key of vp.hooks ?? []) refuse(`it taps the hook ${key}`);
  for (const key of vp.requires?.services ?? []) {
    if (!crossing.has(key)) refuse(`it needs the service ${key}, which does not reach across`);
  }
}

/** Refs of the services that the manifest names and that cross. */
function depsOf({ package: { vp } }: IsolateRequest): Record<string, ServiceRef<unknown>> {
  const deps: Record<string, ServiceRef<unknown>> = {};
  for (const key of vp.requires?.services ?? []) {
    const ref = crossing.get(key);
    if (ref !== undefined) deps[key] = ref;
  }
  for (const key of vp.requires?.optionalServices ?? []) {
    const ref = crossing.get(key);
    if (ref !== undefined) deps[key] = ref.optional();
  }
  return deps;
}

function lentBy(deps: object): LentServices {
  const given = deps as Readonly<Record<string, unknown>>;
  // The kernel gives under each key what its ref promises.
  return {
    logger: given[services.logger.key],
    secrets: given[services.secrets.key],
    state: given[services.state.key],
    events: given[services.events.key],
  } as LentServices;
}
