import 'reflect-metadata';
import type { ServiceRef, ServiceRefs, ServicesOf, VpError } from '@vp/contracts';
import { type DependencyContainer, container as globalContainer } from 'tsyringe';
import { fromThrown } from '../support/thrown.ts';
import { DisposalStack } from './disposal-stack.ts';
import { errors } from './errors.ts';
import { bindingOf, type ServiceDeclaration, ServiceRegistry } from './registry.ts';
import type { AnyServiceFactory, ServiceBinding, ServiceRecord } from './service-record.ts';

/** One container of the chain root <- plugin <- run, seen by whoever may ask it. */
export interface ServiceScopeHandle {
  get<T>(ref: ServiceRef<T>): Promise<T>;
  /** All of them, made one after the other. */
  all<const Refs extends ServiceRefs>(refs: Refs): Promise<ServicesOf<Refs>>;
}

/** What one plugin may ask for: the services that its manifest names. */
export interface PluginServicesInit {
  readonly plugin: string;
  /** Keys of services; everything when left out (the kernel itself). */
  readonly declared?: ReadonlySet<string>;
  /** Where its instances of scope `plugin` are closed. */
  readonly disposals: DisposalStack;
}

/** The services of one run. */
export interface RunServices {
  as(plugin: string): ServiceScopeHandle;
  /** For what is made of them. */
  readonly disposals: DisposalStack;
  dispose(timeoutMs: number): Promise<readonly VpError[]>;
}

interface Scope {
  readonly name: string;
  readonly container: DependencyContainer;
  readonly instances: Map<string, Promise<unknown>>;
  readonly disposals: DisposalStack;
  readonly plugin: PluginServicesInit | undefined;
  readonly run: Run | undefined;
}

interface Run {
  readonly id: string;
  readonly instances: Map<string, Promise<unknown>>;
  readonly disposals: DisposalStack;
  readonly scopes: Map<string, Scope>;
}

/**
 * The services of a kernel. Every service is declared at the root before any plugin has a container
 * (manifests name them all), so a plugin that is loaded later only keeps a promise already made.
 * tsyringe looks tokens up along the chain of containers; everything else is done here.
 */
export class Services {
  readonly #registry = new ServiceRegistry();
  readonly #plugins = new Map<string, Scope>();
  readonly #scopes = new WeakMap<DependencyContainer, Scope>();
  readonly #root: Scope;

  constructor() {
    this.#root = this.#scope({ name: 'the kernel', parent: globalContainer, disposals: new DisposalStack() });
  }

  /** Keys of all services, for suggestions. */
  get keys(): readonly string[] {
    return this.#registry.keys;
  }

  /** Declares a service of the kernel. */
  provide<T>(owner: string, ref: ServiceRef<T>, factory: AnyServiceFactory): void {
    const binding = bindingOf(ref, factory, owner);
    this.declare({ key: ref.key, owner, load: async () => binding });
  }

  /** Declares a service that a manifest promises. */
  declare(declaration: ServiceDeclaration): void {
    const record = this.#registry.declare(declaration);
    // tsyringe passes the container that was asked, also when it found the token in a parent.
    this.#root.container.register(Symbol.for(`vp:service/${record.key}`), {
      useFactory: (asked) => this.#instance(record, this.#scopes.get(asked) ?? this.#root),
    });
  }

  /** The kernel's own view: everything of scope `root`. */
  get root(): ServiceScopeHandle {
    return this.#handle(this.#root);
  }

  /** A plugin's container. From now on no service can be declared. */
  plugin(init: PluginServicesInit): ServiceScopeHandle {
    return this.#handle(this.#pluginScope(init));
  }

  /** Containers of one run. `get` and `all` ask as the plugin does. */
  run(id: string): RunServices {
    const run: Run = { id, instances: new Map(), disposals: new DisposalStack(), scopes: new Map() };
    return {
      as: (plugin) => this.#handle(this.#runScope(run, plugin)),
      disposals: run.disposals,
      dispose: (timeoutMs) => run.disposals.unwind(timeoutMs),
    };
  }

  /** Closes what the kernel itself made. Plugins close theirs before. */
  dispose(timeoutMs: number): Promise<readonly VpError[]> {
    return this.#root.disposals.unwind(timeoutMs);
  }

  #scope(init: {
    readonly name: string;
    readonly parent: DependencyContainer;
    readonly disposals: DisposalStack;
    readonly plugin?: PluginServicesInit;
    readonly run?: Run;
  }): Scope {
    const scope: Scope = {
      name: init.name,
      container: init.parent.createChildContainer(),
      instances: init.run?.instances ?? new Map(),
      disposals: init.disposals,
      plugin: init.plugin,
      run: init.run,
    };
    this.#scopes.set(scope.container, scope);
    return scope;
  }

  #pluginScope(init: PluginServicesInit): Scope {
    this.#registry.seal();
    const { plugin: name, disposals } = init;
    const existing = this.#plugins.get(name);
    if (existing !== undefined) return existing;
    const scope = this.#scope({ name, parent: this.#root.container, disposals, plugin: init });
    this.#plugins.set(name, scope);
    return scope;
  }

  #runScope(run: Run, plugin: string): Scope {
    const known = run.scopes.get(plugin);
    if (known !== undefined) return known;
    const parent = this.#plugins.get(plugin) ?? this.#pluginScope({ plugin, disposals: run.disposals });
    const scope = this.#scope({
      name: `run ${run.id}`,
      parent: parent.container,
      disposals: run.disposals,
      run,
      ...(parent.plugin === undefined ? {} : { plugin: parent.plugin }),
    });
    run.scopes.set(plugin, scope);
    return scope;
  }

  #handle(scope: Scope): ServiceScopeHandle {
    const get = async <T>(ref: ServiceRef<T>): Promise<T> => {
      const declared = scope.plugin?.declared;
      if (declared !== undefined && !declared.has(ref.key)) {
        throw errors.VP_SERVICE_NOT_DECLARED(
          { service: ref.key, by: scope.name, known: [...declared] },
          { plugin: scope.name },
        );
      }
      return this.#resolve<T>(scope, ref);
    };
    const all = async <const Refs extends ServiceRefs>(refs: Refs): Promise<ServicesOf<Refs>> => {
      const made: Record<string, unknown> = {};
      for (const [name, ref] of Object.entries(refs)) made[name] = await get(ref);
      return made as ServicesOf<Refs>;
    };
    return { get, all };
  }

  async #resolve<T>(scope: Scope, ref: ServiceRef<T>): Promise<T> {
    const isThere = scope.container.isRegistered(ref.token, true);
    if (!isThere || (ref.isOptional && this.#registry.get(ref.key)?.isAvailable() === false)) {
      // The phantom type of an optional ref includes `undefined`.
      if (ref.isOptional) return undefined as T;
      throw errors.VP_SERVICE_MISSING({ service: ref.key, by: scope.name, known: this.keys });
    }
    return scope.container.resolve<Promise<T>>(ref.token);
  }

  /** The instance for the asking scope: made once in the scope where it lives. */
  async #instance(record: ServiceRecord, asking: Scope): Promise<unknown> {
    const binding = await record.bind();
    const home = this.#home(record, binding, asking);
    const known = home.instances.get(record.key);
    if (known !== undefined) return known;
    const made = this.#make(record, binding, home);
    home.instances.set(record.key, made);
    // A failure is not kept: the next one to ask may find the server up.
    made.catch(() => home.instances.delete(record.key));
    return made;
  }

  #home(record: ServiceRecord, binding: ServiceBinding, asking: Scope): Scope {
    if (binding.scope === 'root') return this.#root;
    if (binding.scope === 'run' && asking.run !== undefined) return this.#runScope(asking.run, record.owner);
    if (binding.scope === 'plugin' && asking.plugin !== undefined) return this.#pluginScope(asking.plugin);
    throw errors.VP_SERVICE_SCOPE({
      service: asking.name,
      scope: asking.plugin === undefined ? 'root' : 'plugin',
      needs: record.key,
      needsScope: binding.scope,
    });
  }

  async #make(record: ServiceRecord, binding: ServiceBinding, home: Scope): Promise<unknown> {
    const deps: Record<string, unknown> = {};
    for (const [name, ref] of Object.entries(binding.deps)) {
      const actual = await this.#registry.get(ref.key)?.bind();
      if (actual !== undefined && actual.scope !== ref.scope) {
        const owner = this.#registry.get(ref.key)?.owner ?? '';
        throw errors.VP_SERVICE_SCOPE_MISMATCH(
          { service: ref.key, wanted: ref.scope, actual: actual.scope, owner },
          { plugin: record.owner },
        );
      }
      deps[name] = await this.#resolve(home, ref);
    }
    const asker = { plugin: home.plugin?.plugin, runId: home.run?.id };
    try {
      const value = await binding.factory.create(deps as never, asker);
      const disposals = binding.scope === 'root' ? (record.disposals ?? home.disposals) : home.disposals;
      disposals.adopt(`service ${record.key}`, value);
      return value;
    } catch (error) {
      throw fromThrown(error, { plugin: record.owner, phase: `service ${record.key}` }, (reason, context) =>
        errors.VP_SERVICE_FACTORY_FAILED({ service: record.key, reason }, context),
      );
    }
  }
}
