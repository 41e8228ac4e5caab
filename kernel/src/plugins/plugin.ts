import type { PluginDefinition, SourceLocation, VpError } from '@vp/contracts';
import type { PluginPackage } from '@vp/contracts/manifest';
import type { Trust } from '../integrity/index.ts';
import { DisposalStack } from '../services/index.ts';
import type { Registered } from './registrar.ts';

/** Where a plugin stands. Up to `resolved` only its manifest was read. */
export type PluginLifecycle =
  | 'discovered'
  | 'verified'
  | 'resolved'
  | 'loaded'
  | 'activated'
  | 'started'
  | 'stopping'
  | 'stopped'
  | 'failed';

/** A plugin that the deployment wants, from `[plugins]`. */
export interface PluginEntry {
  /** Key of `[plugins]`: the package's name, or an alias of it. */
  readonly name: string;
  /** Package name; `name` unless that is an alias. */
  readonly package?: string | undefined;
  /** Semver range; any version when left out. */
  readonly range?: string | undefined;
  /** Its failure is the kernel's failure. */
  readonly required?: boolean | undefined;
  /** Milliseconds; the host's default when left out. */
  readonly activateTimeoutMs?: number | undefined;
  /** Where the deployment says so. */
  readonly at?: SourceLocation | undefined;
  /** Folder of the package, when it is not to be searched in node_modules. */
  readonly directory?: string | undefined;
  /** What the ids of its contributions begin with, see `aliasPrefix`. */
  readonly prefix?: string | undefined;
  /** The plugin itself, instead of the entry of its package: for tests of plugins that are not built. */
  readonly definition?: PluginDefinition | undefined;
}

/**
 * Where a plugin was found: `lock` among what vp.lock lists, `node_modules` upward from the project,
 * `link` in a folder that somebody named, `memory` at hand already.
 */
export type PluginOrigin = 'lock' | 'node_modules' | 'link' | 'memory';

/** What the outside sees of a plugin. */
export interface PluginInfo {
  readonly name: string;
  /** Set when `name` is not the package's name. */
  readonly alias?: string;
  readonly package: string;
  /** Unknown until its package.json could be read. */
  readonly version?: string;
  readonly directory?: string;
  readonly required: boolean;
  readonly state: PluginLifecycle;
  readonly error?: VpError;
  readonly manifest?: PluginPackage;
  /** Names of the plugins that are activated before it. */
  readonly dependsOn: readonly string[];
  /** None when it was not found. */
  readonly origin?: PluginOrigin;
  /** Whether a vp.lock vouches for it. */
  readonly trust: Trust;
  readonly isolation: 'in-process' | 'process';
}

/** The kernel's own record of a plugin. */
export class Plugin {
  readonly entry: PluginEntry;
  state: PluginLifecycle = 'discovered';
  error: VpError | undefined;
  directory: string | undefined;
  /** With the ids of its contributions as they are known here. */
  package: PluginPackage | undefined;
  /** As it was read. */
  written: PluginPackage | undefined;
  origin: PluginOrigin | undefined;
  trust: () => Trust = () => 'unverified';
  isolation: PluginInfo['isolation'] = 'in-process';
  /** Plugins that must be active before; `optional` ones may fail. */
  dependsOn: readonly { readonly plugin: Plugin; readonly optional: boolean }[] = [];
  definition: PluginDefinition | undefined;
  registered: Registered | undefined;
  loading: Promise<Registered> | undefined;
  activating: Promise<void> | undefined;
  readonly disposals: DisposalStack;
  readonly controller = new AbortController();

  constructor(entry: PluginEntry) {
    this.entry = entry;
    this.disposals = new DisposalStack(entry.name);
  }

  get name(): string {
    return this.entry.name;
  }

  get packageName(): string {
    return this.entry.package ?? this.entry.name;
  }

  /** `name@version`, as errors name it. */
  get label(): string {
    return this.package === undefined ? this.name : `${this.name}@${this.package.version}`;
  }

  get isUsable(): boolean {
    return this.state !== 'failed';
  }

  /** The manifest of a plugin that has one; discovery sees to that for all that did not fail. */
  get manifest(): PluginPackage['vp'] {
    if (this.package === undefined) throw new TypeError(`plugin ${this.name} has no manifest`);
    return this.package.vp;
  }

  /** The package's folder, see {@link manifest}. */
  get folder(): string {
    if (this.directory === undefined) throw new TypeError(`plugin ${this.name} has no folder`);
    return this.directory;
  }

  info(): PluginInfo {
    return {
      name: this.name,
      ...(this.packageName === this.name ? {} : { alias: this.name }),
      package: this.packageName,
      ...(this.package === undefined ? {} : { version: this.package.version, manifest: this.package }),
      ...(this.directory === undefined ? {} : { directory: this.directory }),
      required: this.entry.required === true,
      state: this.state,
      ...(this.error === undefined ? {} : { error: this.error }),
      dependsOn: this.dependsOn.map((dependency) => dependency.plugin.name),
      ...(this.origin === undefined ? {} : { origin: this.origin }),
      trust: this.trust(),
      isolation: this.isolation,
    };
  }
}
