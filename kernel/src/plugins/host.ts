import type { EventInput, ExtensionPoint, HookRef, ServiceRef, VpError } from '@vp/contracts';
import { HookBus } from '../hooks/index.ts';
import type { ContributionInfo, PluginHost, RunHost } from '../host.ts';
import type { Integrity } from '../integrity/index.ts';
import type { Isolation } from '../isolation/index.ts';
import type { RunServices, Services } from '../services/index.ts';
import { aliasPrefix } from './alias.ts';
import { Catalog } from './catalog.ts';
import { discover } from './discover.ts';
import { errors } from './errors.ts';
import { type ConfigureContribution, createInstance } from './instances.ts';
import { Lifecycle, type PluginTimeouts } from './lifecycle.ts';
import { Plugin, type PluginEntry, type PluginInfo } from './plugin.ts';
import type { AnyProvider } from './registrar.ts';
import { resolve } from './resolve.ts';
import { type VerifyContext, verify } from './verify.ts';

const defaultTimeouts: PluginTimeouts = { load: 10_000, activate: 10_000, create: 60_000, stop: 5_000 };

export interface PluginHostInit extends VerifyContext {
  readonly projectDir: string;
  readonly plugins: readonly PluginEntry[];
  /** With the kernel's own services; those of plugins are added. */
  readonly services: Services;
  readonly configure: ConfigureContribution;
  readonly binding: (point: string) => string | undefined;
  readonly publish: (event: EventInput) => void;
  readonly timeouts?: Partial<PluginTimeouts>;
  /** What vp.lock vouches for; nothing when left out. */
  readonly integrity?: Integrity;
  /** How plugins run in processes of their own; all run in this one when left out. */
  readonly isolation?: Isolation;
}

/** The deployment's plugins, from discovery to stop. One that fails takes only its dependents along. */
export class Plugins implements PluginHost {
  readonly #init: PluginHostInit;
  readonly #timeouts: PluginTimeouts;
  readonly #plugins: readonly Plugin[];
  readonly #byName: ReadonlyMap<string, Plugin>;
  readonly #catalog: Catalog;
  readonly #bus: HookBus;
  readonly #lifecycle: Lifecycle;
  readonly #instances = new Map<string, Promise<unknown>>();

  /** Reads manifests and finds out what fits; runs no code of any plugin. @throws VpError of a required plugin */
  constructor(init: PluginHostInit) {
    const { services, publish, integrity, isolation } = init;
    this.#init = init;
    this.#timeouts = { ...defaultTimeouts, ...init.timeouts };
    this.#plugins = init.plugins.map(
      (entry) => new Plugin({ ...entry, prefix: aliasPrefix(entry, init.plugins) }),
    );
    this.#byName = new Map(this.#plugins.map((plugin) => [plugin.name, plugin]));
    const ranks = new Map<string, number>();
    this.#bus = new HookBus({ rank: (name) => ranks.get(name) ?? 0 });
    this.#lifecycle = new Lifecycle({
      services,
      bus: this.#bus,
      timeouts: this.#timeouts,
      publish,
      integrity,
      isolation,
    });
    for (const plugin of this.#plugins) this.#examine(plugin);
    integrity?.flush();
    const { contributions, order } = resolve({
      plugins: this.#plugins,
      kernelServices: services.keys,
      fail: (plugin, error) => this.#lifecycle.fail(plugin, error),
    });
    this.#catalog = new Catalog({ plugins: this.#plugins, contributions, binding: init.binding });
    for (const [index, plugin] of order.entries()) {
      ranks.set(plugin.name, index);
      this.#lifecycle.declareServices(plugin);
    }
    for (const plugin of this.#plugins) this.#lifecycle.checkRequired(plugin);
  }

  #examine(plugin: Plugin): void {
    const { integrity } = this.#init;
    const { name, entry } = plugin;
    const isElsewhere = entry.directory !== undefined || entry.definition !== undefined;
    const changed = isElsewhere ? undefined : integrity?.examine(name);
    // Of what was changed the manifest is read all the same: it tells which uses have to fail.
    const missing = discover(plugin, this.#init);
    if (plugin.origin === 'lock') plugin.trust = () => integrity?.trust(name) ?? 'unverified';
    const error = changed ?? missing ?? verify(plugin, this.#init);
    if (error === undefined) plugin.state = 'verified';
    else this.#lifecycle.fail(plugin, error);
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
    return this.#instance<T>(this.#instances, { info, connection });
  }

  /** The instance that is kept in `instances`, made when it is not there. */
  #instance<T>(instances: Map<string, Promise<unknown>>, wanted: Wanted): Promise<T> {
    const key = keyOf(wanted);
    const known = instances.get(key);
    // The manifest says that the contribution fills its point, whose instances are of type `T`.
    if (known !== undefined) return known as Promise<T>;
    const made = this.#lifecycle.track(this.#create(wanted));
    instances.set(key, made);
    // A failure is not kept: the next one to ask may find the server up.
    made.catch(() => instances.delete(key));
    return made as Promise<T>;
  }

  forRun(runId: string): RunHost {
    const run = this.#init.services.run(runId);
    const instances = new Map<string, Promise<unknown>>();
    return {
      contributions: (point) => this.contributions(point),
      contribution: (point, id) => this.contribution(point, id),
      bound: (point) => this.bound(point),
      service: (ref) => this.service(ref),
      call: (ref, arg, signal) => this.call(ref, arg, signal),
      forRun: (id) => this.forRun(id),
      instance: async (point, id, connection) => {
        const wanted = { info: this.#catalog.one(point.id, id), connection };
        if (this.#instances.has(keyOf(wanted))) return this.#instance(this.#instances, wanted);
        // What it depends on is known when its plugin is loaded.
        const { provider } = await this.#ready(wanted.info);
        const isOfRun = Object.values(provider.deps ?? {}).some(({ scope }) => scope === 'run');
        return isOfRun
          ? this.#instance(instances, { ...wanted, run })
          : this.#instance(this.#instances, wanted);
      },
      close: () => run.dispose(this.#timeouts.stop),
    };
  }

  async service<T>(ref: ServiceRef<T>): Promise<T> {
    const owner = this.#plugins.find(
      (plugin) => plugin.isUsable && plugin.package?.vp.provides?.includes(ref.key) === true,
    );
    if (owner !== undefined) await this.#lifecycle.activate(owner);
    return this.#init.services.root.get(ref);
  }

  async call<Arg, Result>(ref: HookRef<Arg, Result>, arg: Arg, signal?: AbortSignal): Promise<Result> {
    for (const plugin of this.#plugins) {
      const isWaiting = plugin.state === 'resolved' || plugin.state === 'loaded';
      if (isWaiting && plugin.manifest.hooks?.includes(ref.key) === true) {
        await this.#lifecycle.activateOrReport(plugin);
      }
    }
    return this.#bus.call(ref, arg, signal);
  }

  /** Loads and activates one plugin. @throws VpError why it cannot be used */
  async activate(name: string): Promise<void> {
    const plugin = this.#byName.get(name);
    if (plugin !== undefined) return this.#lifecycle.activate(plugin);
    throw errors.VP_CONTRIBUTION_UNKNOWN({ point: 'plugin', id: name, known: [...this.#byName.keys()] });
  }

  /** Activates the plugins that want to be there from the start. @throws VpError of a required plugin */
  start(): Promise<void> {
    return this.#lifecycle.start(this.#plugins);
  }

  /** Stops all plugins, last activated first. Never rejects: gives what went wrong. */
  stop(): Promise<readonly VpError[]> {
    return this.#lifecycle.stop();
  }

  async #create({ info, connection, run }: Wanted): Promise<unknown> {
    const { plugin, provider } = await this.#ready(info);
    return createInstance({
      plugin,
      info,
      connection,
      provider,
      services: run?.as(plugin.name) ?? this.#lifecycle.services(plugin),
      disposals: run?.disposals ?? plugin.disposals,
      configure: this.#init.configure,
      timeoutMs: this.#timeouts.create,
    });
  }

  /** A contribution's plugin, activated, and what it registered. */
  async #ready({ point, id, plugin: name }: ContributionInfo): Promise<Ready> {
    const plugin = this.#byName.get(name);
    if (plugin === undefined) throw errors.VP_CONTRIBUTION_UNKNOWN({ point, id, known: [] });
    if (this.#lifecycle.isStopping) {
      throw errors.VP_PLUGIN_STOPPED({ plugin: plugin.label, what: `${point} ${id}` });
    }
    await this.#lifecycle.activate(plugin);
    const provider = plugin.registered?.providers.get(`${point}/${id}`);
    if (provider === undefined) {
      throw errors.VP_PLUGIN_UNFILLED({ plugin: plugin.label, missing: [`${point} ${id}`] });
    }
    return { plugin, provider };
  }
}

/** An instance that somebody asks for. */
interface Wanted {
  readonly info: ContributionInfo;
  readonly connection: string | undefined;
  /** When it belongs to a run. */
  readonly run?: RunServices;
}

interface Ready {
  readonly plugin: Plugin;
  readonly provider: AnyProvider;
}

const keyOf = ({ info, connection }: Wanted): string => `${info.point}/${info.id}/${connection ?? ''}`;
