import { type EventInput, isVpError, type VpError } from '@vp/contracts';
import type { HookBus } from '../hooks/index.ts';
import type { Integrity } from '../integrity/index.ts';
import type { Isolation } from '../isolation/index.ts';
import type { ServiceScopeHandle, Services } from '../services/index.ts';
import { fromThrown } from '../support/thrown.ts';
import { runActivate } from './activate.ts';
import { errors } from './errors.ts';
import { load } from './load.ts';
import type { Plugin } from './plugin.ts';
import { declaredServices, type Registered } from './registrar.ts';

/** How long the phases of a plugin may take, in milliseconds. */
export interface PluginTimeouts {
  readonly load: number;
  readonly activate: number;
  readonly create: number;
  /** Each thing that is closed. */
  readonly stop: number;
}

interface LifecycleInit {
  readonly services: Services;
  readonly bus: HookBus;
  readonly timeouts: PluginTimeouts;
  readonly publish: (event: EventInput) => void;
  readonly integrity: Integrity | undefined;
  readonly isolation: Isolation | undefined;
}

/** Brings resolved plugins to life at their first use, dependencies first, and to an end in reverse. */
export class Lifecycle {
  readonly #init: LifecycleInit;
  readonly #handles = new Map<Plugin, ServiceScopeHandle>();
  readonly #pending = new Set<Promise<unknown>>();
  /** In the order in which they were activated. */
  readonly #active: Plugin[] = [];
  #isStarted = false;
  #stopping: Promise<readonly VpError[]> | undefined;

  constructor(init: LifecycleInit) {
    this.#init = init;
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Ends a plugin with the reason. */
  fail(plugin: Plugin, error: VpError): void {
    plugin.state = 'failed';
    plugin.error = error;
    this.#publish(plugin, error);
  }

  /** Makes the failure of a plugin that the deployment calls required the kernel's own. */
  checkRequired({ name, label, error, entry }: Plugin): void {
    if (error === undefined || entry.required !== true) return;
    const { phase, at } = error;
    throw errors.VP_PLUGIN_REQUIRED(
      { plugin: name, why: error.message },
      { plugin: label, phase, at, cause: error },
    );
  }

  /** Promises the plugin's services to everybody; they are made when somebody wants them. */
  declareServices(plugin: Plugin): void {
    plugin.disposals.onLate = (error) => this.#publish(plugin, error);
    for (const key of plugin.manifest.provides ?? []) {
      this.#init.services.declare({
        key,
        owner: plugin.label,
        disposals: plugin.disposals,
        isAvailable: () => plugin.isUsable,
        load: async () => {
          const binding = (await this.#load(plugin)).services.get(key);
          if (binding !== undefined) return binding;
          throw errors.VP_PLUGIN_UNFILLED({ plugin: plugin.label, missing: [`service ${key}`] });
        },
      });
    }
  }

  /** The plugin's container: what its manifest declares, and nothing else. */
  services(plugin: Plugin): ServiceScopeHandle {
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

  /** Work that `stop` waits for. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    const forget = () => this.#pending.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** @throws VpError why the plugin cannot be used */
  activate(plugin: Plugin): Promise<void> {
    if (plugin.activating === undefined) {
      if (plugin.error !== undefined) return Promise.reject(plugin.error);
      if (this.isStopping) {
        return Promise.reject(errors.VP_PLUGIN_STOPPED({ plugin: plugin.label, what: 'Activation' }));
      }
      plugin.activating = this.track(this.#activateOnce(plugin));
    }
    return plugin.activating;
  }

  /** For uses that nobody asked for by name: a failure is published, and thrown for required plugins only. */
  async activateOrReport(plugin: Plugin): Promise<void> {
    try {
      await this.activate(plugin);
    } catch (error) {
      if (!isVpError(error)) throw error;
      this.checkRequired(plugin);
    }
  }

  /** Activates the plugins that want to be there from the start. */
  async start(plugins: readonly Plugin[]): Promise<void> {
    this.#isStarted = true;
    for (const plugin of this.#active) plugin.state = 'started';
    for (const plugin of plugins) {
      if (plugin.isUsable && plugin.manifest.activation === 'startup') await this.activateOrReport(plugin);
    }
  }

  /** Stops what is active, last activated first. Never rejects: gives what went wrong. */
  stop(): Promise<readonly VpError[]> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<readonly VpError[]> {
    const ms = this.#init.timeouts.stop;
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
    this.#init.integrity?.flush();
    return [...problems, ...(await this.#init.services.dispose(ms))];
  }

  #publish(plugin: Plugin, error: VpError): void {
    this.#init.publish({ type: 'plugin.failed', plugin: plugin.label, error: error.toJSON() });
  }

  #load(plugin: Plugin): Promise<Registered> {
    const { timeouts, integrity, isolation } = this.#init;
    plugin.loading ??= load(plugin, { timeoutMs: timeouts.load, integrity, isolation }).then((registered) => {
      plugin.registered = registered;
      plugin.state = 'loaded';
      return registered;
    });
    return plugin.loading;
  }

  async #activateOnce(plugin: Plugin): Promise<void> {
    const { bus, timeouts } = this.#init;
    try {
      for (const dependency of plugin.dependsOn) await this.#activateFor(plugin, dependency);
      const { taps } = await this.#load(plugin);
      await runActivate({
        plugin,
        services: this.services(plugin),
        timeoutMs: plugin.entry.activateTimeoutMs ?? timeouts.activate,
      });
      for (const tap of taps) plugin.disposals.push(`tap of ${tap.key}`, tap.attach(bus));
      plugin.state = this.#isStarted ? 'started' : 'activated';
      this.#active.push(plugin);
    } catch (thrown) {
      const error = fromThrown(thrown, { plugin: plugin.label, phase: 'activate' }, (reason, context) =>
        errors.VP_PLUGIN_ACTIVATE_FAILED({ plugin: plugin.label, reason }, context),
      );
      this.fail(plugin, error);
      plugin.controller.abort(error);
      for (const fault of await plugin.disposals.unwind(timeouts.stop)) this.#publish(plugin, fault);
      throw error;
    }
  }

  async #activateFor(
    plugin: Plugin,
    { plugin: needed, optional }: Plugin['dependsOn'][number],
  ): Promise<void> {
    try {
      await this.activate(needed);
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
}
