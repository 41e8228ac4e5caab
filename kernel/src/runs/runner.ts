import {
  type Clock,
  describeThrown,
  type EventStream,
  hooks,
  type JsonObject,
  type Logger,
  type Paths,
  type PipelineSpec,
  type Plan,
  points,
  type RunRecord,
  type RunStatus,
  type RunSummary,
  type StepResult,
  type Store,
  type StoreLock,
  type VpError,
  type VpEvent,
} from '@vp/contracts';
import { createEventBatcher } from '../events/index.ts';
import type { PluginHost } from '../host.ts';
import { loadCurrent } from '../plan/current.ts';
import { createId } from '../plan/ids.ts';
import type { PipelineModel } from '../plan/model.ts';
import type { Redactor } from '../secrets/index.ts';
import { createRunState, describeSnapshot, type RunState } from '../steps/run-state.ts';
import { watchCancel } from './cancel.ts';
import { storedEvents } from './event-filter.ts';
import { executePlan } from './execute.ts';
import { inRun } from './in-run.ts';
import { createStepLedger } from './ledger.ts';
import { removeLeftovers } from './leftovers.ts';
import { takeRunLock } from './lock.ts';
import { createMaterializationWriter } from './materializations.ts';
import { countSteps, startRecord } from './record.ts';
import { createWorkerEvents } from './worker-events.ts';

/** Hears the events of a run and tells people; `close` ends when they are told, or cannot be. */
export interface RunListener {
  hear(event: VpEvent): void;
  close(): Promise<void>;
}

export interface RunnerDeps {
  readonly host: PluginHost;
  readonly clock: Clock;
  readonly events: EventStream;
  readonly logger: Logger;
  readonly paths: Paths;
  readonly redactor: Redactor;
  /** Who runs, for the record. */
  readonly user?: string | undefined;
  /** Failing rows to keep for each check; 5 when left out. */
  readonly sampleSize?: number | undefined;
  /** Milliseconds that each thing which is closed after a step may take; 30 s when left out. */
  readonly closeLimitMs?: number | undefined;
  /** Alerts of one run. */
  readonly listen?:
    | ((run: { readonly store: Store; readonly pipeline: PipelineSpec }) => Promise<RunListener>)
    | undefined;
}

export interface RunRequest {
  readonly plan: Plan;
  /** The pipeline that the plan was made from. */
  readonly pipeline: PipelineSpec;
  /** For the executor, e.g. `concurrency`. */
  readonly options?: JsonObject | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for another run to end; refused at once when left out. */
  readonly waitMs?: number | undefined;
}

/** Runs plans: one at a time in a deployment. */
export interface Runner {
  /**
   * Runs a plan to its end. A failed step is in the summary, not an exception.
   *
   * @throws VpError when the run cannot start, or cannot be recorded
   */
  run(request: RunRequest): Promise<RunSummary>;
}

export function createRunner(deps: RunnerDeps): Runner {
  return {
    async run(request) {
      const { host, clock } = deps;
      const { plan } = request;
      const signal = request.signal ?? new AbortController().signal;
      const store: Store = await host.instance(points.store, host.bound('store'));
      const purpose = `vp run ${plan.metadata?.selection ?? ''}`.trim();
      const lock = await takeRunLock({ store, clock, purpose, waitMs: request.waitMs ?? 0, signal });
      try {
        const startedAt = clock.now();
        const runId = createId(startedAt);
        return await inRun(deps, runId, (inside) =>
          runLocked({ deps: inside, request, store, signal, runId, startedAt }),
        );
      } finally {
        await release(lock, deps.logger);
      }
    },
  };
}

/** A lock that cannot be given back falls with the process; how the run ended counts more. */
async function release(lock: StoreLock, logger: Logger): Promise<void> {
  try {
    await lock.release();
  } catch (error) {
    logger.warn(`The lock of the run was not released: ${describeThrown(error)}`);
  }
}

interface Locked {
  readonly deps: RunnerDeps;
  readonly request: RunRequest;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly startedAt: number;
}

async function runLocked(locked: Locked): Promise<RunSummary> {
  const { deps, request, store, signal: stop, runId, startedAt } = locked;
  const { host, clock, events, logger } = deps;
  const { plan, pipeline } = request;
  const cancelling = new AbortController();
  const signal = AbortSignal.any([stop, cancelling.signal]);
  await host.call(hooks.runStarting, { runId, plan }, signal);

  await removeLeftovers({ host, store, paths: deps.paths, logger, plan, pipeline, signal });
  const listener = await deps.listen?.({ store, pipeline });
  const first = startRecord({ id: runId, plan, startedAt, user: deps.user });
  await store.putRun(first);
  const workerEvents = createWorkerEvents({ store, runId, events, logger });
  const isKept = storedEvents(runId);
  const batcher = createEventBatcher({
    write: (batch) => store.appendEvents(batch),
    onError: (error) => logger.warn(error.message),
    accept: (event) => !workerEvents.isRelaying() && isKept(event),
  });
  const unsubscribe = events.subscribe((event) => {
    batcher.push(event);
    if (event.runId === runId) listener?.hear(event);
  });
  const stopWatching = watchCancel({
    store,
    runId,
    logger,
    cancel: () => cancelling.abort(),
  });
  try {
    events.publish({ type: 'run.started', runId, run: first, plan });
    const writer = createMaterializationWriter(store, (error) =>
      logger.warn(`Materializations are not recorded yet: ${describeThrown(error)}`),
    );
    const steps = new Map(plan.steps.map((step) => [step.id, step]));
    let state: RunState | undefined;
    const ledger = createStepLedger({
      runId,
      steps,
      host,
      events,
      logger,
      redactor: deps.redactor,
      now: () => clock.now(),
      existing: (stepId) => describeSnapshot(state?.snapshot(stepId)),
    });
    const failure = await executePlan({
      deps,
      request,
      runId,
      signal,
      ledger,
      store,
      workerEvents,
      batcher,
      hurry: writer.hurry,
      async prepare(model) {
        const before = await loadCurrent({ model, host, store, assets: assetsOf(plan, model) });
        state = createRunState({ ...before, record: writer.add });
        return state;
      },
    });
    const results = await ledger.settled();
    const ordered = plan.steps.flatMap((step) => results.get(step.id) ?? []);
    const run: RunRecord = {
      ...first,
      status: statusOf({ failure, signal, ordered }),
      finishedAt: clock.now(),
      steps: countSteps(plan.steps.length, ordered),
      ...deps.redactor.sameShape(errorOf(failure, ordered)),
    };
    try {
      await writer.close();
    } finally {
      await store.putRun(run);
      events.publish({ type: 'run.finished', runId, run });
    }
    const summary: RunSummary = { run, results: ordered };
    try {
      await host.call(hooks.runFinished, summary);
    } catch (error) {
      logger.warn(`A tap of run.finished failed: ${describeThrown(error)}`);
    }
    return summary;
  } finally {
    // What fails here must not stand in for how the run ended.
    const ending = async (what: string, end: () => Promise<void> | undefined): Promise<void> => {
      try {
        await end();
      } catch (error) {
        logger.warn(`${what} ${describeThrown(error)}`);
      }
    };
    await ending('Alerts were not all sent:', () => listener?.close());
    unsubscribe();
    workerEvents.close();
    await ending('The request to cancel is not removed:', stopWatching);
    await ending('The record of the run is incomplete:', () => batcher.close());
  }
}

/** The assets of a plan, and those that they read. */
function assetsOf(plan: Plan, model: PipelineModel): readonly string[] {
  const names = new Set<string>();
  for (const { asset } of plan.steps) {
    names.add(asset);
    for (const upstream of model.graph.nodes.get(asset)?.upstream ?? []) names.add(upstream);
  }
  return [...names];
}

function statusOf(facts: {
  readonly failure: VpError | undefined;
  readonly signal: AbortSignal;
  readonly ordered: readonly StepResult[];
}): RunStatus {
  const { failure, signal, ordered } = facts;
  if (signal.aborted && ordered.some((result) => result.status === 'cancelled')) return 'cancelled';
  if (failure !== undefined || ordered.some((result) => result.status === 'failed')) return 'failed';
  return ordered.some((result) => result.status === 'cancelled') ? 'cancelled' : 'succeeded';
}

/** The first thing that went wrong, as the run's own error. */
function errorOf(failure: VpError | undefined, ordered: readonly StepResult[]): Pick<RunRecord, 'error'> {
  const error = failure?.toJSON() ?? ordered.find((result) => result.status === 'failed')?.error;
  return error === undefined ? {} : { error };
}
