import {
  type CallContext,
  type Clock,
  type EventStream,
  type Logger,
  type LogLevel,
  type Paths,
  points,
  type VpError,
} from '@vp/contracts';
import { systemClock } from './boot/clock.ts';
import { createConfigure } from './boot/configure.ts';
import { createKernelServices } from './boot/kernel-services.ts';
import { projectPaths } from './boot/paths.ts';
import { createGrants } from './boot/permissions.ts';
import { kernelVersion } from './boot/version.ts';
import { type ResolvedConfig, unknownSections } from './config/index.ts';
import { createDiagnostics, type Diagnostics } from './diagnostics/index.ts';
import { createEventStream, createLogger } from './events/index.ts';
import type { PluginHost } from './host.ts';
import { type PluginEntry, type PluginInfo, Plugins, type PluginTimeouts } from './plugins/index.ts';
import { createRedactor, createSecretResolver, type Redactor } from './secrets/index.ts';

/** What a kernel is made from. */
export interface KernelInit {
  readonly projectDir: string;
  readonly config: ResolvedConfig;
  /** Lines below it are not logged; all are when left out. */
  readonly logLevel?: LogLevel;
  readonly timeouts?: Partial<PluginTimeouts>;
  /** For tests. */
  readonly clock?: Clock;
  /** Folders of plugins by their name in `[plugins]`, instead of a search in node_modules. */
  readonly pluginDirectories?: Readonly<Record<string, string>>;
}

/** A deployment's plugins, and what the rest of the kernel needs of them. */
export interface Kernel {
  readonly config: ResolvedConfig;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly host: PluginHost;
  readonly events: EventStream;
  readonly logger: Logger;
  /** What is wrong with the deployment and was noticed while nobody asked. */
  readonly diagnostics: Diagnostics;
  /** Removes the values of secrets from texts and JSON. */
  readonly redactor: Redactor;
  redact(text: string): string;
  /** The deployment's plugins, usable or not. */
  plugins(): readonly PluginInfo[];
  /** What is wrong with the plugins; that there are none, when there are none. */
  problems(): readonly VpError[];
  /** Loads and activates one plugin. @throws VpError why it cannot be used */
  activate(plugin: string): Promise<void>;
  /** Activates the plugins that want to be there from the start. */
  start(): Promise<void>;
  /** For calls of extension points outside a run. */
  callContext(signal?: AbortSignal): CallContext;
  /** Stops what was activated, last first, and says what went wrong. */
  stop(): Promise<readonly VpError[]>;
}

/**
 * Boots a kernel: reads the manifests of the plugins in `[plugins]` and finds out which can be
 * used. No code of any plugin runs before the first use of something that it contributes.
 *
 * @throws VpError `VP_PLUGIN_REQUIRED`
 */
export async function createKernel(init: KernelInit): Promise<Kernel> {
  const { projectDir, config, logLevel, clock = systemClock } = init;
  const paths = projectPaths(projectDir);
  const redactor = createRedactor();
  const diagnostics = createDiagnostics({ redactor });
  const events = createEventStream({ redactor, clock });
  const grants = createGrants(config);
  const publish: EventStream['publish'] = (event) => events.publish(event);
  const logger = createLogger({ publish, ...(logLevel === undefined ? {} : { level: logLevel }) });
  const callContext = (signal: AbortSignal = new AbortController().signal): CallContext => ({
    signal,
    logger,
    progress: () => {},
  });

  const secrets = createSecretResolver({
    providers: () =>
      host
        .contributions(points.auth.id)
        .flatMap(({ id, plugin, manifest }) =>
          'schemes' in manifest && manifest.schemes !== undefined
            ? [{ id, plugin, schemes: manifest.schemes }]
            : [],
        ),
    auth: (id) => host.instance(points.auth, id),
    context: () => callContext(),
    redactor,
    warn: (error) => diagnostics.warn(error),
  });
  const services = createKernelServices({
    clock,
    paths,
    events,
    logLevel,
    secrets,
    grants,
    host: () => host,
    manifestOf: (name) => host.plugins().find((plugin) => plugin.name === name)?.manifest?.vp,
  });
  const host: Plugins = new Plugins({
    projectDir: paths.project,
    plugins: pluginEntries(config, init.pluginDirectories ?? {}),
    services,
    versions: { vp: kernelVersion, node: process.versions.node },
    permissions: (request) => grants.refusal(request),
    configure: createConfigure({ config, secret: (ref) => secrets.get(ref), redactor, diagnostics }),
    binding: (point) => config.values.bindings[point],
    publish,
    ...(init.timeouts === undefined ? {} : { timeouts: init.timeouts }),
  });
  for (const problem of host.problems()) diagnostics.error(problem);
  for (const fault of unknownSections(config, (point) => host.idsOf(point))) diagnostics.error(fault);

  return {
    config,
    paths,
    clock,
    host,
    events,
    logger,
    diagnostics,
    redactor,
    redact: (text) => redactor.text(text),
    plugins: () => host.plugins(),
    problems: () => host.problems(),
    activate: (plugin) => host.activate(plugin),
    start: () => host.start(),
    callContext,
    stop: () => host.stop(),
  };
}

function pluginEntries(
  config: ResolvedConfig,
  directories: Readonly<Record<string, string>>,
): readonly PluginEntry[] {
  return Object.entries(config.values.plugins).map(([name, plugin]) => {
    const { text: _, ...at } = config.place(['plugins', name]);
    return {
      name,
      package: plugin.package,
      range: plugin.version,
      required: plugin.required,
      at,
      directory: directories[name],
    };
  });
}
