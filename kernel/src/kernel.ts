import {
  type CallContext,
  type Clock,
  type EventStream,
  type Isolate,
  type Logger,
  type LogLevel,
  type Paths,
  type PipelineSpec,
  type Plan,
  type PluginDefinition,
  points,
  type RunSummary,
  type StepResult,
  type VpError,
} from '@vp/contracts';
import type { KillLists } from '@vp/contracts/registry';
import { createAlertListener } from './alerts/listener.ts';
import { systemClock } from './boot/clock.ts';
import { createConfigDigest } from './boot/config-digest.ts';
import { createConfigure } from './boot/configure.ts';
import { createKernelServices } from './boot/kernel-services.ts';
import { projectPaths } from './boot/paths.ts';
import { createGrants } from './boot/permissions.ts';
import { unknownReferences } from './boot/references.ts';
import { readSections } from './boot/sections.ts';
import { kernelVersion } from './boot/version.ts';
import { wantedPlugins } from './boot/wanted-plugins.ts';
import { type ResolvedConfig, unknownSections } from './config/index.ts';
import { createDiagnostics, type Diagnostics } from './diagnostics/index.ts';
import { createEventStream, createLogger } from './events/index.ts';
import type { PluginHost } from './host.ts';
import { createIntegrity } from './integrity/index.ts';
import { createAudit, createIsolation } from './isolation/index.ts';
import type { PipelineModel } from './plan/model.ts';
import { createPlanner, type PlanRequest } from './plan/planner.ts';
import { type PluginEntry, type PluginInfo, Plugins, type PluginTimeouts } from './plugins/index.ts';
import { createRunner, type RunnerDeps, type RunRequest } from './runs/runner.ts';
import { createWorker, type WorkerStepRequest } from './runs/worker.ts';
import { createRedactor, createSecretResolver, learnSecrets, type Redactor } from './secrets/index.ts';

/** What a kernel is made from. */
export interface KernelInit {
  readonly projectDir: string;
  readonly config: ResolvedConfig;
  /** `--env`: stands in plans and run records. */
  readonly environment?: string;
  /** Digest of vp.lock, for hosts that know it; read from the lock when left out. */
  readonly lockDigest?: string;
  /** Folder whose vp.lock and installed plugins are used; `projectDir` when left out. */
  readonly installation?: string;
  /**
   * What the registries of vp.lock have withdrawn by now; asked once, before the first plugin of the lock
   * is loaded, which waits for the answer. What was seen last counts when there is none. Must not reject.
   */
  readonly killLists?: (registries: readonly string[]) => Promise<KillLists | undefined>;
  /** Runs plugins in processes of their own; asked for at the first one that needs it. */
  readonly isolate?: () => Promise<Isolate>;
  /** Who runs, for the record. */
  readonly user?: string;
  /** Lines below it are not logged; all are when left out. */
  readonly logLevel?: LogLevel;
  readonly timeouts?: Partial<PluginTimeouts>;
  /** For tests. */
  readonly clock?: Clock;
  /** Folders of plugins by their name in `[plugins]`, instead of a search in node_modules. */
  readonly pluginDirectories?: Readonly<Record<string, string>>;
  /** Plugins that are at hand, by their name in `[plugins]`: only their package.json is read. For tests. */
  readonly pluginDefinitions?: Readonly<Record<string, PluginDefinition>>;
}

/** A deployment's plugins, and what the rest of the kernel needs of them. */
export interface Kernel {
  readonly config: ResolvedConfig;
  /** Of vp.lock, when there is one: stands on each run. */
  readonly lockDigest: string | undefined;
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
  /** Whether the manifest of a plugin lists a configuration key among its secrets: `['alerter', 'webhook', 'key']`. */
  isSecret(path: readonly string[]): boolean;
  /** The deployment's plugins, usable or not. */
  plugins(): readonly PluginInfo[];
  /** What is wrong with the plugins; that there are none, when there are none. */
  problems(): readonly VpError[];
  /** Loads and activates one plugin. @throws VpError why it cannot be used */
  activate(plugin: string): Promise<void>;
  /** Activates the plugins that want to be there from the start. */
  start(): Promise<void>;
  /** The pipeline, checked. @throws VpError with all that is wrong with it */
  check(pipeline: PipelineSpec): PipelineModel;
  /** What would run, and why. @throws VpError also when vp.toml names what nothing in use has */
  plan(request: PlanRequest): Promise<Plan>;
  /**
   * Runs a plan to its end. A failed step is in the summary, not an exception.
   *
   * @throws VpError when the run cannot start, or cannot be recorded
   */
  run(request: RunRequest): Promise<RunSummary>;
  /**
   * Runs one attempt of a step of a run that another process leads. A failed step is a result.
   *
   * @throws VpError when the step is refused: the run is unknown or over, or this deployment differs
   */
  runStep(request: WorkerStepRequest): Promise<StepResult>;
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
  const pluginOf = (name: string) => host.plugins().find((plugin) => plugin.name === name);
  const services = createKernelServices({
    clock,
    paths,
    events,
    logLevel,
    secrets,
    grants,
    host: () => host,
    pluginOf,
  });
  const installation = init.installation ?? paths.project;
  const integrity = createIntegrity({
    projectDir: installation,
    policy: config.values.policy,
    wanted: wantedPlugins(config),
    killLists: init.killLists,
    warn: (error) => diagnostics.warn(error),
  });
  const lockDigest = init.lockDigest ?? integrity.digest;
  const host: Plugins = new Plugins({
    projectDir: installation,
    integrity,
    isolation: createIsolation({
      config,
      paths,
      isolate: init.isolate,
      granted: (plugin) => grants.granted(plugin),
      denied: createAudit({ clock, paths, redactor, logger, publish }),
    }),
    plugins: pluginEntries(init),
    services,
    versions: { vp: kernelVersion, node: process.versions.node },
    permissions: (request) => grants.refusal(request),
    configure: createConfigure({ config, secret: (ref) => secrets.get(ref), redactor, diagnostics }),
    binding: (point) => config.values.bindings[point],
    publish,
    ...(init.timeouts === undefined ? {} : { timeouts: init.timeouts }),
  });
  for (const problem of host.problems()) diagnostics.error(problem);
  const sections = readSections({
    config,
    plugins: host.plugins(),
    contributions: (point) => host.contributions(point),
  });
  for (const warning of sections.literals(redactor)) diagnostics.warn(warning);
  const known = [...unknownNames(config, host), ...sections.faults];
  for (const fault of known) diagnostics.error(fault);
  // What a section lacks may stand in the connections of whoever is used.
  const faults = known.filter((fault) => fault.code !== 'VP_CONFIG_MISSING');
  const { project, checks } = config.values;
  const configDigest = createConfigDigest({
    config,
    contributions: (id) =>
      Object.values(points).flatMap((point) => host.contributions(point.id).filter((info) => info.id === id)),
    secretKeys: (name) => pluginOf(name)?.manifest?.vp.permissions?.secrets ?? [],
  });
  const planner = createPlanner({
    host,
    clock,
    logger,
    project: project.name,
    environment: init.environment,
    lockDigest,
    configDigest,
  });
  const running: RunnerDeps = {
    host,
    clock,
    events,
    logger,
    paths,
    redactor,
    user: init.user,
    sampleSize: checks.sample_size,
    listen: createAlertListener({
      host,
      events,
      clock,
      logger,
      routes: config.values.alerts,
      project: project.name,
      environment: init.environment,
    }),
  };
  const learn = () => learnSecrets({ config: config.merged, clock, logger, get: (ref) => secrets.get(ref) });
  const runner = createRunner(running);
  const worker = createWorker({
    ...running,
    environment: init.environment,
    lockDigest,
    configDigest,
  });

  return {
    config,
    lockDigest,
    paths,
    clock,
    host,
    events,
    logger,
    diagnostics,
    redactor,
    redact: (text) => redactor.text(text),
    isSecret: (path) => sections.isSecret(path),
    plugins: () => host.plugins(),
    problems: () => host.problems(),
    activate: (plugin) => host.activate(plugin),
    start: () => host.start(),
    check: (pipeline) => planner.check(pipeline),
    async plan(request) {
      for (const fault of faults) throw fault;
      return planner.plan(request);
    },
    async run(request) {
      await learn();
      return runner.run(request);
    },
    async runStep(request) {
      for (const fault of faults) throw fault;
      await learn();
      return worker.runStep(request);
    },
    callContext,
    stop: () => host.stop(),
  };
}

/** Names in vp.toml that nothing has. Cannot be told while a plugin's manifest is unknown. */
function unknownNames(config: ResolvedConfig, host: Plugins): readonly VpError[] {
  if (host.plugins().some((plugin) => plugin.manifest === undefined)) return [];
  const idsOf = (point: string) => host.idsOf(point);
  return [...unknownSections(config, idsOf), ...unknownReferences(config, idsOf)];
}

function pluginEntries(init: KernelInit): readonly PluginEntry[] {
  const { config, pluginDirectories = {}, pluginDefinitions = {} } = init;
  return Object.entries(config.values.plugins).map(([name, plugin]) => {
    const { text: _, ...at } = config.place(['plugins', name]);
    return {
      name,
      package: plugin.package,
      range: plugin.version,
      required: plugin.required,
      activateTimeoutMs: plugin.activate_timeout_ms,
      at,
      directory: own(pluginDirectories, name),
      definition: own(pluginDefinitions, name),
    };
  });
}

/** Of what is there by name: a plugin may have a name that every object knows. */
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
