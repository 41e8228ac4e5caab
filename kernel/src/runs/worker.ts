import {
  describeThrown,
  didYouMean,
  isVpError,
  type PipelineSpec,
  type Plan,
  type PlanStep,
  points,
  type StepResult,
  type Store,
} from '@vp/contracts';
import { createEventBatcher } from '../events/index.ts';
import { loadCurrent } from '../plan/current.ts';
import { type ConfigDigest, definitionChanges } from '../plan/definition.ts';
import { createPipelineModel, type PipelineModel } from '../plan/model.ts';
import { createRunState } from '../steps/run-state.ts';
import { watchRun } from './cancel.ts';
import { cleanResult } from './clean-result.ts';
import { errors } from './errors.ts';
import { storedEvents } from './event-filter.ts';
import { inRun } from './in-run.ts';
import { createMaterializationWriter } from './materializations.ts';
import type { RunnerDeps } from './runner.ts';
import { stepRunnerOf } from './step-runner-of.ts';

export interface WorkerDeps extends RunnerDeps {
  readonly environment?: string | undefined;
  readonly lockDigest?: string | undefined;
  readonly configDigest?: ConfigDigest | undefined;
}

/** One attempt of a step of a run that another process leads. */
export interface WorkerStepRequest {
  readonly runId: string;
  readonly stepId: string;
  readonly attempt: number;
  /** The whole pipeline, as this process has it. */
  readonly pipeline: PipelineSpec;
  readonly signal?: AbortSignal | undefined;
}

/** Runs steps for the process that holds the run's lock. */
export interface Worker {
  /**
   * Runs the attempt as that process would, and resolves when its events and records are in the
   * store. A failed step is a result.
   *
   * @throws VpError when the step is refused: the run is unknown or over, or this deployment differs
   */
  runStep(request: WorkerStepRequest): Promise<StepResult>;
}

export function createWorker(deps: WorkerDeps): Worker {
  const { host, events, logger, redactor } = deps;
  return {
    async runStep(request) {
      const { runId, stepId, attempt, pipeline } = request;
      const store: Store = await host.instance(points.store, host.bound('store'));
      const plan = await planOf(store, runId);
      const step = plan.steps.find(({ id }) => id === stepId);
      if (step === undefined) {
        const suggestion = didYouMean(
          stepId,
          plan.steps.map(({ id }) => id),
        );
        throw errors.VP_WORKER_STEP_UNKNOWN({ run: runId, step: stepId, suggestion });
      }
      const model = modelOf({ deps, plan, step, pipeline });

      const orphaned = new AbortController();
      const signal = AbortSignal.any([request.signal ?? orphaned.signal, orphaned.signal]);
      const unwatch = watchRun({ store, runId, logger, cancel: () => orphaned.abort() });
      const batcher = createEventBatcher({
        write: (batch) => store.appendEvents(batch),
        onError: (error) => logger.warn(error.message),
        accept: storedEvents(runId),
      });
      // Whatever happens in this process happens for the one step.
      const unsubscribe = events.subscribe((event) => batcher.push({ runId, stepId, ...event }));
      const writer = createMaterializationWriter(store, (error) =>
        logger.warn(`Materializations are not recorded yet: ${describeThrown(error)}`),
      );
      try {
        const upstream = model.graph.nodes.get(step.asset)?.upstream ?? [];
        const before = await loadCurrent({ model, host, store, assets: [step.asset, ...upstream] });
        const state = createRunState({ ...before, record: writer.add });
        const result = await inRun(deps, runId, (inside) =>
          stepRunnerOf({ deps: inside, plan, runId, model, state })(stepId, { attempt, signal }),
        );
        return cleanResult(await recorded(result, () => writer.close()), redactor);
      } finally {
        unwatch();
        unsubscribe();
        try {
          await batcher.close();
        } catch (error) {
          logger.warn(`The events of ${stepId} are incomplete: ${describeThrown(error)}`);
        }
      }
    },
  };
}

/** A result whose record is not in the store is none: the process that waits for it would not see it. */
async function recorded(result: StepResult, write: () => Promise<void>): Promise<StepResult> {
  try {
    await write();
    return result;
  } catch (thrown) {
    const error = isVpError(thrown)
      ? thrown
      : errors.VP_WORKER_UNREAD({ step: result.stepId, reason: describeThrown(thrown) }, { cause: thrown });
    return { ...result, status: 'failed', error: error.toJSON() };
  }
}

async function planOf(store: Store, runId: string): Promise<Plan> {
  const [run] = await store.runs({ id: runId });
  if (run !== undefined && run.status !== 'running') {
    throw errors.VP_WORKER_RUN_OVER({ run: runId, status: run.status });
  }
  for (const { event } of await store.events({ runId, types: ['run.started'] })) {
    if (run !== undefined && event.type === 'run.started') return event.plan;
  }
  throw errors.VP_WORKER_RUN_UNKNOWN({ run: runId });
}

/** The pipeline as it is here. @throws VpError `VP_WORKER_DIFFERS` when the step means something else */
function modelOf(init: {
  readonly deps: WorkerDeps;
  readonly plan: Plan;
  readonly step: PlanStep;
  readonly pipeline: PipelineSpec;
}): PipelineModel {
  const { deps, plan, step, pipeline } = init;
  const { host, environment, lockDigest, configDigest } = deps;
  const differences: string[] = [];
  const compare = (what: string, there: string | undefined, here: string | undefined): void => {
    if (there !== here) differences.push(`${what} ${there ?? 'none'} -> ${here ?? 'none'}`);
  };
  compare('environment', plan.environment, environment);
  compare('lock file', plan.lockDigest, lockDigest);
  const model = createPipelineModel({ pipeline, host, now: plan.createdAt, configDigest });
  const { publish, asset } = step;
  const isHere =
    publish === undefined
      ? model.graph.nodes.has(asset)
      : pipeline.publish.some(({ name }) => name === publish);
  if (!isHere) differences.push(`${publish === undefined ? 'asset' : 'publish'} ${publish ?? asset} -> none`);
  else {
    const { hash, parts } =
      publish === undefined ? model.assetDefinition(asset) : model.publishDefinition(publish);
    if (hash !== step.definition) differences.push(...definitionChanges(step.definitionParts, parts));
    compare('engine', step.engine, model.engine(asset));
  }
  if (differences.length > 0) throw errors.VP_WORKER_DIFFERS({ step: step.id, differences });
  return model;
}
