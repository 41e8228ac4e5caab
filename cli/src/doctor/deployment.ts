import {
  type CallContext,
  type CheckReport,
  type Engine,
  type ExtensionPoint,
  isVpError,
  points,
  type Store,
} from '@vp/contracts';
import type { Diagnostic, Kernel } from '@vp/kernel';
import type { LoadedProject } from '../project/index.ts';
import { hostParts } from '../shell/host-parts.ts';
import { plural } from '../ui/format.ts';
import { bad, type Finding, failed, ok } from './finding.ts';

/** A check that hangs must not hang the doctor. */
const patienceMs = 15_000;

export function checkPlugins(kernel: Kernel): readonly Finding[] {
  const broken = new Set<string>();
  const findings = kernel.diagnostics.all().map(({ severity, code, message, hint, plugin }): Finding => {
    if (plugin !== undefined) broken.add(plugin.replace(/(?<=.)@[^@/]*$/, ''));
    const what = plugin === undefined ? 'deployment' : `plugin ${plugin}`;
    return { what, status: severity, message, code, ...(hint === undefined ? {} : { fix: hint }) };
  });
  const usable = kernel.plugins().filter(({ name, error }) => error === undefined && !broken.has(name));
  return [
    ...(usable.length === 0
      ? []
      : [ok('plugins', `${usable.length} usable: ${usable.map(({ name }) => name).join(', ')}`)]),
    ...findings,
  ];
}

export async function checkPipeline(kernel: Kernel, project: LoadedProject): Promise<Finding> {
  try {
    const pipeline = await project.pipeline();
    kernel.check(pipeline);
    const { assets, publish } = pipeline;
    return ok(
      'pipeline',
      `${plural(assets.length, 'asset')}, ${plural(publish.length, 'publish', 'publishes')}`,
    );
  } catch (error) {
    return failed('pipeline', error);
  }
}

/** The store opens, and gives a lock and takes it back. */
export async function checkStore(kernel: Kernel): Promise<Finding> {
  const what = 'store';
  try {
    const id = kernel.host.bound(points.store.id);
    const store: Store = await kernel.host.instance(points.store, id);
    const lock = await store.acquireLock('doctor', 'vp doctor');
    if ('heldBy' in lock) {
      const { pid, host } = lock.heldBy;
      return bad(
        what,
        `${id}: another vp doctor holds its lock (process ${pid} on ${host})`,
        'Wait for it.',
        'warning',
      );
    }
    await lock.release();
    const { length } = await store.runs({ limit: 1 });
    return ok(what, `${id} opens, locks and unlocks${length === 0 ? '; no run yet' : ''}`);
  } catch (error) {
    return failed(what, error);
  }
}

export async function checkEngine(kernel: Kernel, signal: AbortSignal): Promise<Finding> {
  try {
    const id = kernel.host.bound(points.engine.id);
    const engine: Engine = await kernel.host.instance(points.engine, id);
    return await reported(`engine ${id}`, (context) => engine.check(context), kernel, signal);
  } catch (error) {
    return failed('engine', error);
  }
}

const connectable = [points.source, points.sink, points.alerter, points.auth] as const;

/** What is wrong with vp.toml as it is read with `--env <name>`, for each that is not in use, beyond what is known. */
export async function checkEnvironments(init: {
  readonly project: LoadedProject;
  readonly environment: string | undefined;
  readonly set: readonly string[] | undefined;
  /** What is wrong with the environment in use. */
  readonly known: readonly Diagnostic[];
}): Promise<readonly Finding[]> {
  const { project, known } = init;
  const { createKernel } = await import('@vp/kernel');
  const { loadProject } = await import('../project/index.ts');
  const isKnown = ({ code, message }: Diagnostic) =>
    known.some((each) => each.code === code && each.message === message);
  const found: Finding[] = [];
  for (const environment of project.environments.filter((name) => name !== init.environment)) {
    const what = `environment ${environment}`;
    try {
      const other = await loadProject({ from: project.dir, environment, set: init.set });
      const { config, dir: projectDir } = other;
      const parts = hostParts({ project: other, note: () => {} });
      const kernel = await createKernel({ projectDir, config, environment, ...parts });
      const fresh = kernel.diagnostics.all().filter((each) => !isKnown(each));
      found.push(
        ...fresh.map(({ severity, code, message, hint }): Finding => {
          return { what, status: severity, message, code, ...(hint === undefined ? {} : { fix: hint }) };
        }),
      );
      if (fresh.length === 0) found.push(ok(what, 'its configuration fits'));
    } catch (error) {
      found.push(failed(what, error));
    }
  }
  return found;
}

/**
 * The contributions that vp.toml names besides connections, store and engine: each is made, which
 * needs its configuration and its secrets, and asked how it is when it has a check.
 */
export async function checkContributions(kernel: Kernel, signal: AbortSignal): Promise<readonly Finding[]> {
  const { config, host } = kernel;
  const routed = config.values.alerts.flatMap(({ to }) => to);
  let executor: string | undefined;
  const findings: Finding[] = [];
  try {
    executor = host.bound(points.executor.id);
  } catch (error) {
    findings.push(failed('executor', error));
  }
  const isNamed = (point: string, id: string): boolean =>
    Object.hasOwn(config.merged[point] ?? {}, id) ||
    point === points.auth.id ||
    (point === points.executor.id && id === executor) ||
    (point === points.alerter.id && routed.includes(id));
  const checked = await Promise.all(
    Object.values(points)
      .filter(({ id }) => id !== points.store.id && id !== points.engine.id)
      .flatMap((point) =>
        host
          .contributions(point.id)
          .filter(({ id }) => isNamed(point.id, id))
          .map(({ id }) => checkContribution({ kernel, point, id, signal })),
      ),
  );
  return [...findings, ...checked.filter((finding) => finding !== undefined)];
}

async function checkContribution(init: {
  readonly kernel: Kernel;
  readonly point: ExtensionPoint<object>;
  readonly id: string;
  readonly signal: AbortSignal;
}): Promise<Finding | undefined> {
  const { kernel, point, id, signal } = init;
  const what = `${point.id} ${id}`;
  try {
    const instance: Checkable = await kernel.host.instance<Checkable>(point, id);
    if (instance.check === undefined) return ok(what, 'it can be made; it has no check of its own');
    return await reported(what, instance.check.bind(instance), kernel, signal);
  } catch (error) {
    // Said already of vp.toml.
    const isKnown =
      isVpError(error) &&
      kernel.diagnostics
        .all()
        .some(({ code, at }) => code === error.code && at?.pointer === error.at?.pointer);
    return isKnown ? undefined : failed(what, error);
  }
}

/** As each of the points with a health check has it, obligatory or not. */
interface Checkable {
  check?(context: CallContext): Promise<CheckReport>;
}

/** Ports that this deployment listens at. */
export const checkPorts = (): Finding => ok('ports', 'nothing listens yet');

/** Each `[connections.*]`, or those named, through whatever contribution it is for. */
export async function checkConnections(
  kernel: Kernel,
  signal: AbortSignal,
  names: readonly string[] = [],
): Promise<readonly Finding[]> {
  const { connections } = kernel.config.values;
  const wanted = Object.entries(connections).filter(([name]) => names.length === 0 || names.includes(name));
  return Promise.all(
    wanted.map(async ([name, { use }]): Promise<Finding> => {
      const what = `connection ${name}`;
      const point = connectable.find(({ id }) =>
        kernel.host.contributions(id).some((each) => each.id === use),
      );
      if (point === undefined) {
        return bad(
          what,
          `No plugin in use brings "${use}"`,
          `Add its plugin to [plugins], or correct use in [connections.${name}].`,
        );
      }
      try {
        const instance: Checkable = await kernel.host.instance<Checkable>(point, use, name);
        if (instance.check === undefined) return ok(what, `${use}; it has no check of its own`);
        const check = instance.check.bind(instance);
        return await reported(what, check, kernel, signal);
      } catch (error) {
        return failed(what, error);
      }
    }),
  );
}

async function reported(
  what: string,
  check: (context: CallContext) => Promise<CheckReport>,
  kernel: Kernel,
  signal: AbortSignal,
): Promise<Finding> {
  const patience = AbortSignal.timeout(patienceMs);
  const both = AbortSignal.any([signal, patience]);
  const late = Promise.withResolvers<never>();
  both.addEventListener('abort', () => late.reject(both.reason), { once: true });
  try {
    const report = await Promise.race([check(kernel.callContext(both)), late.promise]);
    const latency = report.latencyMs === undefined ? '' : ` (${Math.round(report.latencyMs)} ms)`;
    if (report.ok) return ok(what, `${report.message}${latency}`);
    return bad(
      what,
      report.message,
      report.hint ??
        `See its settings: vp config get ${what.replace(/^connection /, 'connections.').replace(' ', '.')}`,
    );
  } catch (error) {
    if (!patience.aborted) return failed(what, error);
    return bad(
      what,
      `No answer within ${patienceMs / 1000} s`,
      'Is the address right, and the way to it open?',
    );
  }
}
