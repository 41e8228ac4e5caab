import type { ExtensionPoint, HookRef, ServiceRef, VpError } from '@vp/contracts';
import type { Contributes } from '@vp/contracts/manifest';

/** A contribution as its manifest describes it, with where it comes from. No plugin code is loaded. */
export interface ContributionInfo {
  /** `source`, `engine`, … */
  readonly point: string;
  readonly id: string;
  /** Package name of the plugin. */
  readonly plugin: string;
  readonly pluginVersion: string;
  /** Whether its plugin runs in a process of its own, where no function of a pipeline reaches it. */
  readonly isIsolated?: boolean;
  /** The manifest's entry, as it stands. */
  readonly manifest: NonNullable<Contributes[keyof Contributes]>[number];
}

/** How the rest of the kernel reaches plugins. Implemented by `plugins/`. */
export interface PluginHost {
  /** All contributions of a point, by id. */
  contributions(point: string): readonly ContributionInfo[];
  /** One contribution. @throws VpError with a did-you-mean */
  contribution(point: string, id: string): ContributionInfo;
  /**
   * The id that serves a point of which a deployment uses exactly one (executor, store, engine):
   * the one bound in `[bindings]`, else the only one installed. @throws VpError when none or several.
   */
  bound(point: string): string;
  /**
   * The instance of a contribution: made at first use (its plugin is activated before), one for each
   * connection, else one for each id.
   */
  instance<T>(point: ExtensionPoint<T>, id: string, connection?: string): Promise<T>;
  /** A kernel or plugin service of root scope. */
  service<T>(ref: ServiceRef<T>): Promise<T>;
  /** Runs the taps of a hook; gives the waterfall's or bail's value. */
  call<Arg, Result>(ref: HookRef<Arg, Result>, arg: Arg, signal?: AbortSignal): Promise<Result>;
  /** The same plugins, as one run sees them. */
  forRun(runId: string): RunHost;
}

/**
 * Plugins within one run: a contribution that depends on services of scope `run` has an instance for
 * this run alone.
 */
export interface RunHost extends PluginHost {
  /** Closes what was made for the run, last made first. Never rejects: gives what went wrong. */
  close(): Promise<readonly VpError[]>;
}
