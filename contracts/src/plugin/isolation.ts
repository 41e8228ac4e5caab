import type { Permissions, PluginPackage } from '../manifest/manifest.ts';
import type { PluginDefinition } from './definition.ts';
import type { Paths } from './standard-services.ts';

/** What an isolated plugin's process may use up. */
export interface IsolationLimits {
  /** Resident memory in MiB, all of the process. */
  readonly memoryMb: number;
  /** Milliseconds without an answer to a ping after which the process counts as hung and is ended. */
  readonly unresponsiveMs: number;
  /** Milliseconds within which it must be up and registered. */
  readonly startMs: number;
}

/** A plugin that the deployment wants to run in a process of its own. */
export interface IsolateRequest {
  /** Key of `[plugins]`. */
  readonly plugin: string;
  readonly package: PluginPackage;
  /** The package's folder. */
  readonly directory: string;
  /** Folders of its dependencies, and nobody else's: with its own, all code that it may read. */
  readonly readable: readonly string[];
  /** What the manifest asks for and the deployment granted, configured values put in. */
  readonly permissions: Permissions;
  readonly limits: IsolationLimits;
  readonly paths: Paths;
  /** Called for each thing that the plugin tried and was not granted. */
  denied(attempt: { readonly permission: string; readonly wanted: string }): void;
}

/**
 * Starts a process for a plugin and gives a stand-in for it: a definition that registers what the
 * manifest lists, and whose instances call across. The process starts when the first instance is
 * made or the plugin activates, and ends when the plugin stops.
 */
export type Isolate = (request: IsolateRequest) => Promise<PluginDefinition>;
