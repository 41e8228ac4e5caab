import type { EventInput, ExtensionPoint, HookRef, ServiceRef, VpError } from '@vp/contracts';
import { isVpError } from '@vp/contracts';
import { HookBus } from '../hooks/index.ts';
import type { ContributionInfo, PluginHost } from '../host.ts';
import type { ServiceScopeHandle, Services } from '../services/index.ts';
import { fromThrown } from '../support/thrown.ts';
import { runActivate } from './activate.ts';
import { Catalog } from './catalog.ts';
import { discover } from './discover.ts';
import { errors } from './errors.ts';
import { type ConfigureContribution, createInstance } from './instances.ts';
import { load } from './load.ts';
import { Plugin, type PluginEntry, type PluginInfo, type PluginLifecycle } from './plugin.ts';
import { declaredServices, type Registered } from './registrar.ts';
import { resolve } from './resolve.ts';
import { type VerifyContext, verify } from './verify.ts';

/** How long the phases of a plugin may take, in milliseconds. */
export interface PluginTimeouts {
  readonly load: number;
  readonly activate: number;
  readonly create: number;
  /** Each thing that is closed. */
  readonly stop: number;
}

const defaultTimeouts: PluginTimeouts = {
  load: 10_000,
  activate: 10_000,
  create: 60_000,
  stop: 5_000,
};

export interface PluginHostInit extends VerifyContext {
  readonly projectDir: string;
  readonly plugins: readonly PluginEntry[];
  /** With the kernel's own services; those of plugins are added. */
  readonly services: Services;
  readonly configure: ConfigureContribution;
  readonly binding: (point: string) => string | undefined;
  readonly publish: (event: EventInput) => void;
  readonly timeouts?: Partial<PluginTimeouts>;
}

/** The deployment's plugins, from discovery to stop. One that fails takes only its dependents along. */
export class Plugins implements PluginHost {
  readonly #init: PluginHostInit;
  readonly #timeouts: PluginTimeouts;
  readonly #plugins: readonly Plugin[];
  readonly #byName: ReadonlyMap<string, Plugin>;
  readonly #catalog: Catalog;
  readonly #bus: HookBus;
  readonly #instances = new Map<string, Promise<unknown>>();
  readonly #handles = new Map<Plugin, ServiceScopeHandle>();
  readonly #pending = new Set<Promise<unknown>>();
  /** In the order in which they were activated. */
  readonly #active: Plugin[] = [];
  #isStarted = false;
  #stopping: Promise<readonly VpError[]> | undefined;

  /** Reads manifests and finds out what fits; runs no code of any plugin. @throws VpError of a required plugin */
  constructor(init: PluginHostInit) {
    this.#init = init;
    this.#timeouts = { ...defaultTimeouts, ...init.timeouts };
    this.#plugins = init.plugins.map((entry) => new Plugin(entry));
    for (const plugin of this.#plugins) {
      this.#examine(plugin, 'discovered', () => discover(plugin, init.projectDir));
      if (plugin.isUsable) this.#examine(plugin, 'verified', () => verify(plugin, init));
    }
    const resolution = resolve({
      plugins: this.#plugins,
      kernelServices: init.services.keys,
      fail: (plugin, error) => this.#fail(plugin, error),
    });
    this.#byName = new Map(this.#plugins.map((plugin) => [plugin.name, plugin]));
    const { contributions, order } = resolution;
    this.#catalog = new Catalog({ plugins: this.#plugins, contributions, binding: init.binding });
    const ranks = new Map(order.map((plugin, index) => [plugin.name, index]));
    this.#bus = new HookBus({ rank: (name) => ranks.get(name) ?? 0 });
    for (const plugin of order) this.#declareServices(plugin);
    for (const plugin of this.#plugins) this.#checkRequired(plugin);
  }

  /** All plugins of the deployment, usable or not, in its order. */
  plugins(): readonly PluginInfo[] {
    return this.#plugins.map((plugin) => plugin.info());
  }

  /** What is wrong with the deployment's plugins, and that there are none. */
  problems(): readonly VpError[] {
    if (this.#plugins.length === 0) return [errors.VP_PLUGIN_NONE({ project: this.#init.projectDir })];
    return this.#plugins.flatMap((plugin) => (plugin.error === undefined ? [] : [plugin.error]));
  }

  contributions(point: string): readonly ContributionInfo[] {
    return this.#catalog.all(point);
  }

  contribution(point: string, id: string): ContributionInfo {
    return this.#catalog.one(point, id);
  }

  bound(point: string): string {
    return this.#catalog.bound(point);
  }

  /** Ids of a point, those of plugins that cannot be used included. */
  idsOf(point: string): readonly string[] {
    return this.#catalog.idsOf(point);
  }

  async instance<T>(point: ExtensionPoint<T>, id: string, connection?: string): Promise<T> {
    const info = this.#catalog.one(point.id, id);
    const key = `${point.id}/${id}/${connection ?? ''}`;
    const known = this.#instances.get(key);
    // The manifest says that the contribution fills `point`, whose instances are of type `T`.
    if (known !== undefined) return known as Promise<T>;
    const made = this.#track(this.#create(info, connection));
    this.#instances.set(key, made);
    // A failure is not kept: the next one to ask may find the server up.
    made.catch(() => this.#instances.delete(key));
    return made as Promise<T>;
  }

  async service<T>(ref: ServiceRef<T>): Promise<T> {
    const owner = this.#plugins.find(
      (plugin) => plugin.isUsable && plugin.package?.vp.provides?.includes(ref.key) === true,
    );
    if (owner !== undefined) await this.#activate(owner);
    return this.#init.services.root.get(ref);
  }

  async call<Arg, Result>(ref: HookRef<Arg, Result>, arg: Arg, signal?: AbortSignal): Promise<Result> {
    const waiting = this.#plugins.filter(
      (plugin) =>
        (plugin.state === 'resolved' || plugin.state === 'loaded') &&
        plugin.manifest.hooks?.includes(ref.key) === true,
    );
    for (const plugin of waiting) await this.#activateOrReport(plugin);
    return this.#bus.call(ref, arg, signal);
  }

  /** Loads and activates one plugin. @throws VpError why it cannot be used */
  async activate(name: string): Promise<void> {
    const plugin = this.#byName.get(name);
    if (plugin === undefined) {
      const known = [...this.#byName.keys()];
      throw errors.VP_CONTRIBUTION_UNKNOWN({ point: 'plugin', id: name, known });
    }
    await this.#activate(plugin);
  }

  /** Activates the plugins that want to be there from the start. @throws VpError of a required plugin */
  async start(): Promise<void> {
    this.#isStarted = true;
    for (const plugin of this.#active) plugin.state = 'started';
    for (const plugin of this.#plugins) {
      if (plugin.isUsable && plugin.manifest.activation === 'startup') await this.#activateOrReport(plugin);
    }
  }

  /** Stops all plugins, last activated first. Never rejects: gives what went wrong. */
  stop(): Promise<readonly VpError[]> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<readonly VpError[]> {
    const ms = this.#timeouts.stop;
    const { promise: gaveUp, resolve: giveUp } = Promise.withResolvers<void>();
    const timer = setTimeout(giveUp, ms);
    await Promise.race([Promise.allSettled([...this.#pending]), gaveUp]);
    clearTimeout(timer);
    const problems: VpError[] = [];
    for (const plugin of this.#active.toReversed()) {
      plugin.state = 'stopping';
      plugin.controller.abort(new DOMException('The kernel stops.', 'AbortError'));
      const faults = await plugin.disposals.unwind(ms);
      for (const error of faults) this.#publish(plugin, error);
      problems.push(...faults);
      plugin.state = 'stopped';
    }
    return [...problems, ...(await this.#init.services.dispose(ms))];
  }

  #examine(plugin: Plugin, next: PluginLifecycle, look: () => VpError | undefined): void {
    const error = look();
    if (error === undefined) plugin.state = next;
    else this.#fail(plugin, error);
  }

  #fail(plugin: Plugin, error: VpError): void {
    plugin.state = 'failed';
    plugin.error = error;
    this.#publish(plugin, error);
  }

  #publish(plugin: Plugin, error: VpError): void {
    this.#init.publish({ type: 'plugin.failed', plugin: plugin.label, error: error.toJSON() });
  }

  #checkRequired(plugin: Plugin): void {
    const { error, entry } = plugin;
    if (error === undefined || entry.required !== true) return;
    throw errors.VP_PLUGIN_REQUIRED(
      { plugin: plugin.name, why: error.message },
      {
        plugin: plugin.label,
        ...(error.phase === undefined ? {} : { phase: error.phase }),
        ...(error.at === undefined ? {} : { at: error.at }),
        cause: error,
      },
    );
  }

  #declareServices(plugin: Plugin): void {
    for (const key of plugin.manifest.provides ?? []) {
      this.#init.services.declare({
        key,
        owner: plugin.label,
        disposals: plugin.disposals,
        isAvailable: () => plugin.isUsable,
        load: async () => {
          const binding = (await this.#load(plugin)).services.get(key);
          if (binding === undefined)
            throw errors.VP_PLUGIN_UNFILLED({ plugin: plugin.label, missing: [key] });
          return binding;
        },
      });
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    const forget = () => this.#pending.delete(work);
    work.then(forget, forget);
    return work;
  }

  #handle(plugin: Plugin): ServiceScopeHandle {
    const known = this.#handles.get(plugin);
    if (known !== undefined) return known;
    const { name, disposals } = plugin;
    const handle = this.#init.services.plugin({
      plugin: name,
      declared: declaredServices(plugin),
      disposals,
    });
    this.#handles.set(plugin, handle);
    return handle;
  }

  #load(plugin: Plugin): Promise<Registered> {
    plugin.loading ??= load(plugin, this.#timeouts.load).then((registered) => {
      plugin.registered = registered;
      plugin.state = 'loaded';
      return registered;
    });
    return plugin.loading;
  }

  #activate(plugin: Plugin): Promise<void> {
    if (this.#stopping !== undefined && plugin.activating === undefined) {
      return Promise.reject(errors.VP_PLUGIN_STOPPED({ plugin: plugin.label, what: 'Activation' }));
    }
    if (plugin.activating === undefined && plugin.error !== undefined) return Promise.reject(plugin.error);
    plugin.activating ??= this.#track(this.#activateOnce(plugin));
    return plugin.activating;
  }

  async #activateOnce(plugin: Plugin): Promise<void> {
    try {
      for (const { plugin: needed, optional } of plugin.dependsOn)
        await this.#activateFor(plugin, needed, optional);
      const { taps } = await this.#load(plugin);
      await runActivate({
        plugin,
        services: this.#handle(plugin),
        timeoutMs: plugin.entry.activateTimeoutMs ?? this.#timeouts.activate,
      });
      for (const tap of taps) plugin.disposals.push(`tap of ${tap.key}`, tap.attach(this.#bus));
      plugin.state = this.#isStarted ? 'started' : 'activated';
      this.#active.push(plugin);
    } catch (thrown) {
      const error = fromThrown(thrown, { plugin: plugin.label, phase: 'activate' }, (reason, context) =>
        errors.VP_PLUGIN_ACTIVATE_FAILED({ plugin: plugin.label, reason }, context),
      );
      this.#fail(plugin, error);
      plugin.controller.abort(error);
      for (const fault of await plugin.disposals.unwind(this.#timeouts.stop)) this.#publish(plugin, fault);
      throw error;
    }
  }

  async #activateFor(plugin: Plugin, needed: Plugin, optional: boolean): Promise<void> {
    try {
      await this.#activate(needed);
    } catch (error) {
      // Its failure was published; whoever wants it optionally gets `undefined`.
      if (optional) return;
      if (!isVpError(error)) throw error;
      throw errors.VP_PLUGIN_DEPENDENCY_FAILED(
        { plugin: plugin.label, needs: needed.label, why: error.message },
        { plugin: plugin.label, phase: 'activate', cause: error },
      );
    }
  }

  /** For uses that nobody asked for by name: a failure is published, and thrown for required plugins only. */
  async #activateOrReport(plugin: Plugin): Promise<void> {
    try {
      await this.#activate(plugin);
    } catch (error) {
      if (!isVpError(error)) throw error;
      this.#checkRequired(plugin);
    }
  }

  async #create(info: ContributionInfo, connection: string | undefined): Promise<unknown> {
    const plugin = this.#byName.get(info.plugin);
    if (plugin === undefined)
      throw errors.VP_CONTRIBUTION_UNKNOWN({ point: info.point, id: info.id, known: [] });
    if (this.#stopping !== undefined) {
      throw errors.VP_PLUGIN_STOPPED({ plugin: plugin.label, what: `${info.point} ${info.id}` });
    }
    await this.#activate(plugin);
    const provider = plugin.registered?.providers.get(`${info.point}/${info.id}`);
    if (provider === undefined) {
      const missing = [`${info.manifest.contract} ${info.id}`];
      throw errors.VP_PLUGIN_UNFILLED({ plugin: plugin.label, missing });
    }
    return createInstance({
      plugin,
      info,
      connection,
      provider,
      services: this.#handle(plugin),
      configure: this.#init.configure,
      timeoutMs: this.#timeouts.create,
    });
  }
}
