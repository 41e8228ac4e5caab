import { userInfo } from 'node:os';
import { type Engine, type PipelineSpec, points, type Store } from '@vp/contracts';
import type { Kernel } from '@vp/kernel';
import type { Output } from '../ui/output.ts';
import { rememberAssets } from './asset-names.ts';
import { hostParts } from './host-parts.ts';
import { type Interrupts, listenForInterrupts } from './interrupts.ts';
import { leaseInstalled } from './lease.ts';
import { openProject } from './open-project.ts';

/** The flags of every command that works on a project. */
export interface ProjectFlags {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly debug?: boolean | undefined;
}

/** A project that is open: its configuration, its kernel, its pipeline when asked for. */
export interface Session {
  readonly dir: string;
  readonly kernel: Kernel;
  readonly environment: string | undefined;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly interrupts: Interrupts;
  /** Loads the pipeline: the whole, or what these assets need. */
  pipeline(assets?: readonly string[]): Promise<PipelineSpec>;
  store(): Promise<Store>;
  /** The engine with this id; the deployment's bound one when left out. */
  engine(id?: string): Promise<Engine>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openSession(request: {
  readonly flags: ProjectFlags;
  readonly output: Output;
}): Promise<Session> {
  const { flags, output } = request;
  const { createKernel, recentEvents, writeCrashDump } = await import('@vp/kernel');
  const project = await openProject(flags);
  const lease = leaseInstalled(project.dir);
  const kernel = await createKernel({
    projectDir: project.dir,
    config: project.config,
    logLevel: flags.debug ? 'debug' : 'warn',
    user: userInfo().username,
    ...(flags.env === undefined ? {} : { environment: flags.env }),
    ...hostParts({ project, note: (line) => output.note(line) }),
  });
  output.redactWith((text) => kernel.redact(text));
  const events = recentEvents(kernel.events);
  output.crashReport = (error, context) =>
    writeCrashDump({
      folder: kernel.paths.resolve('.vp/tmp'),
      redactor: kernel.redactor,
      error,
      context,
      events: events(),
    });
  // What is wrong with vp.toml itself is refused where it matters, and listed by `vp doctor`.
  for (const { plugin, severity, code, message, hint = '' } of kernel.diagnostics.all()) {
    if (plugin !== undefined || severity === 'warning' || code === 'VP_PLUGIN_NONE')
      output.note(`${severity} ${code}: ${message} ${hint}`.trimEnd());
  }
  const interrupts = listenForInterrupts(output);
  const { host } = kernel;
  return {
    dir: project.dir,
    kernel,
    environment: flags.env,
    signal: interrupts.signal,
    interrupts,
    async pipeline(assets) {
      const pipeline = await project.pipeline(assets);
      for (const { code, message } of project.skipped()) {
        const said = message.replace(/[.!?]?$/, '.');
        output.note(`warning ${code}: ${said} It is left out: nothing that was asked for needs it.`);
      }
      if (assets === undefined) rememberAssets(project.dir, pipeline);
      return pipeline;
    },
    store: () => host.instance(points.store, host.bound('store')),
    engine: (id) => host.instance(points.engine, id ?? host.bound('engine')),
    async [Symbol.asyncDispose]() {
      interrupts.stop();
      for (const error of await kernel.stop()) output.note(`warning ${error.code}: ${error.message}`);
      lease[Symbol.dispose]();
    },
  };
}
