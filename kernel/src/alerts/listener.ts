import {
  type Alert,
  type Alerter,
  type Clock,
  describeThrown,
  type EventStream,
  isVpError,
  type Logger,
  type PipelineSpec,
  points,
  type Store,
  type VpEvent,
} from '@vp/contracts';
import type { AlertRoute } from '../config/schema.ts';
import type { PluginHost } from '../host.ts';
import type { RunListener } from '../runs/runner.ts';
import { pluginError } from '../steps/scope.ts';
import { loadProblems, type ProblemMemory } from './memory.ts';
import { type Observation, observe, outlived, runKey, stepOf } from './observe.ts';
import { routeAlert } from './route.ts';

export interface AlertDeps {
  readonly host: PluginHost;
  readonly events: EventStream;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly routes: readonly AlertRoute[];
  readonly project: string;
  readonly environment?: string | undefined;
  /** Milliseconds that alerts wait for others of the same moment, to be sent together. */
  readonly gatherMs?: number;
}

/** Milliseconds that an alerter has for one sending. */
const sendTimeoutMs = 30_000;

/**
 * Makes alerts from a run's events: one for each problem, not one for each time it is seen, and one
 * when it is over. An alerter that is down is an event, never a failed run.
 */
export function createAlertListener(deps: AlertDeps) {
  return async ({
    store,
    pipeline,
  }: {
    readonly store: Store;
    readonly pipeline: PipelineSpec;
  }): Promise<RunListener> => {
    if (deps.routes.length === 0) return { hear: () => undefined, close: async () => undefined };
    warnOfUnknown(deps);
    const memory = await loadProblems(store);
    const specs = new Map(pipeline.assets.map((spec) => [spec.name, spec]));
    let gathered = new Map<string, Alert[]>();
    let timer: NodeJS.Timeout | undefined;
    let sending: Promise<void> | undefined;
    /** All steps of a run of everything: what is not among them is no more. */
    let whole: ReadonlySet<string> | undefined;

    const sendGathered = async (): Promise<void> => {
      while (gathered.size > 0) {
        const batch = gathered;
        gathered = new Map();
        await sendAll(deps, memory, batch);
      }
      sending = undefined;
    };
    /** One sending at a time: what comes under way is one more, however slow an alerter is. */
    const flush = (): Promise<void> => {
      clearTimeout(timer);
      timer = undefined;
      sending ??= sendGathered();
      return sending;
    };
    const gather = (alerter: string, alert: Alert): void => {
      const alerts = gathered.get(alerter);
      if (alerts === undefined) gathered.set(alerter, [alert]);
      else alerts.push(alert);
      timer ??= setTimeout(() => void flush(), deps.gatherMs ?? 1_000).unref();
    };

    function problem(seen: Extract<Observation, { kind: 'problem' }>, event: VpEvent): void {
      const spec = seen.asset === undefined ? undefined : specs.get(seen.asset);
      const known = memory.get(seen.key);
      const { kind: _, ...facts } = seen;
      const alert: Alert = {
        ...facts,
        state: 'firing',
        at: event.at,
        since: known?.alert.since ?? event.at,
        count: (known?.alert.count ?? 0) + 1,
        project: deps.project,
        ...(deps.environment === undefined ? {} : { environment: deps.environment }),
        ...(event.runId === undefined ? {} : { runId: event.runId }),
        ...(spec?.owner === undefined ? {} : { owner: spec.owner }),
        ...(spec?.tags === undefined ? {} : { tags: spec.tags }),
      };
      const told = known?.told ?? [];
      memory.open({ alert, told });
      for (const alerter of routeAlert(deps.routes, alert)) {
        if (!told.includes(alerter)) gather(alerter, alert);
      }
    }

    function recovery(key: string, event: VpEvent): void {
      const known = memory.get(key);
      if (known === undefined) return;
      if (key === runKey(deps.project) && hasOpenFailure(memory, key)) return;
      memory.close(key);
      const { runId } = event;
      const alert: Alert = {
        ...known.alert,
        state: 'resolved',
        at: event.at,
        title: `${known.alert.title}: resolved`,
        ...(runId === undefined ? {} : { runId }),
      };
      for (const alerter of known.told) gather(alerter, alert);
    }

    const openAlerts = (): readonly Alert[] => [...memory.all()].map(({ alert }) => alert);

    /** Problems that nothing will speak of any more. */
    function over(event: VpEvent): readonly string[] {
      if (event.type === 'step.finished') return outlived(event.result, openAlerts());
      if (event.type !== 'run.finished' || whole === undefined) return [];
      const steps = whole;
      const keys = openAlerts().map(({ key }) => key);
      return keys.filter((key) => {
        const step = stepOf(key);
        return step !== undefined && !steps.has(step);
      });
    }

    return {
      hear(event) {
        if (event.type === 'run.started' && event.run.selection === '') {
          whole = new Set(event.plan.steps.map((step) => step.id));
        }
        for (const key of over(event)) recovery(key, event);
        for (const seen of observe(event, deps.project)) {
          if (seen.kind === 'problem') problem(seen, event);
          else recovery(seen.key, event);
        }
      },
      async close() {
        await flush();
        try {
          await memory.save();
        } catch (error) {
          deps.logger.warn(`Which alerts were sent is not recorded: ${describeThrown(error)}`);
        }
      },
    };
  };
}

/**
 * A name that is wrong would be found only when there is something to tell. Of a plugin that cannot
 * be used, the deployment's diagnostics say why.
 */
function warnOfUnknown({ host, routes, logger }: AlertDeps): void {
  for (const id of new Set(routes.flatMap((route) => route.to))) {
    try {
      host.contribution('alerter', id);
    } catch (error) {
      if (!isVpError(error)) throw error;
      if (error.code !== 'VP_CONTRIBUTION_UNKNOWN') continue;
      logger.warn(`Alerts to "${id}" will not arrive: ${error.message} ${error.hint ?? ''}`.trimEnd());
    }
  }
}

/** A run of one asset that succeeds says nothing about another that still fails. */
function hasOpenFailure(memory: ProblemMemory, except: string): boolean {
  for (const { alert } of memory.all()) {
    if (alert.key !== except && alert.severity !== 'warn' && alert.severity !== 'info') return true;
  }
  return false;
}

async function sendAll(
  deps: AlertDeps,
  memory: ProblemMemory,
  batch: ReadonlyMap<string, readonly Alert[]>,
): Promise<void> {
  await Promise.all([...batch].map(([alerter, alerts]) => send(deps, memory, alerter, alerts)));
}

async function send(
  deps: AlertDeps,
  memory: ProblemMemory,
  id: string,
  alerts: readonly Alert[],
): Promise<void> {
  const { host, events, logger } = deps;
  try {
    const alerter: Alerter = await host.instance(points.alerter, id);
    const signal = AbortSignal.timeout(sendTimeoutMs);
    await withSignal(alerter.send(alerts, { signal, logger, progress: () => undefined }), signal);
  } catch (thrown) {
    const known = host.contributions('alerter').find((info) => info.id === id);
    const phase = `alert ${id}`;
    for (const alert of alerts) {
      const info = known ?? {
        point: 'alerter',
        id,
        plugin: 'unknown',
        pluginVersion: '',
        manifest: { id, contract: 'alerter@1' },
      };
      const error = pluginError(thrown, info, phase).toJSON();
      events.publish({ type: 'alert.failed', ...runOf(alert), alert, alerter: id, error });
    }
    return;
  }
  for (const alert of alerts) {
    events.publish({ type: 'alert.sent', ...runOf(alert), alert, alerter: id });
    const open = memory.get(alert.key);
    if (alert.state === 'resolved' || open === undefined) continue;
    // What was sent starts its count anew.
    memory.open({ alert: { ...open.alert, count: 0 }, told: [...new Set([...open.told, id])] });
  }
}

const runOf = ({ runId }: Alert): { readonly runId?: string } => (runId === undefined ? {} : { runId });

/** An alerter that does not heed its signal must not hold up the end of the run. */
function withSignal(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, promise]);
}
