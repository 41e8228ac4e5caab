import { type CallContext, type CheckReport, type Engine, points, type Store } from '@vp/contracts';
import type { Kernel } from '@vp/kernel';
import type { LoadedProject } from '../project/index.ts';
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

/** Each `[connections.*]`, through whatever contribution it is for. */
export async function checkConnections(kernel: Kernel, signal: AbortSignal): Promise<readonly Finding[]> {
  const { connections } = kernel.config.values;
  return Promise.all(
    Object.entries(connections).map(async ([name, { use }]): Promise<Finding> => {
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
        // Each of these points has `check`, obligatory or not.
        const instance: { check?(context: CallContext): Promise<CheckReport> } = await kernel.host.instance<{
          check?(context: CallContext): Promise<CheckReport>;
        }>(point, use, name);
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
      report.hint ?? `See its settings: vp config get ${what.replace(' ', 's.')}`,
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
