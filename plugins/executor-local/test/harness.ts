import type {
  Clock,
  ErrorClass,
  ExecuteRequest,
  JsonObject,
  Plan,
  PlanStep,
  StepResult,
} from '@vp/plugin-sdk';
import { testContext } from '@vp/plugin-sdk/testing';
import type { LocalExecutorConfig } from '../src/config.ts';
import { createLocalExecutor } from '../src/executor.ts';
import type { MemoryState } from '../src/memory.ts';

export type Attempt = { readonly attempt: number; readonly signal: AbortSignal };
export type Work = (stepId: string, attempt: Attempt) => Promise<Partial<StepResult>>;

export function step(id: string, dependsOn: readonly string[] = [], more: Partial<PlanStep> = {}): PlanStep {
  const reason = { code: 'forced', text: 'asked for' } as const;
  return {
    id,
    kind: 'materialize',
    asset: id,
    dependsOn,
    action: 'run',
    reason,
    definition: '',
    definitionParts: {},
    ...more,
  };
}

export const failure = (kind: ErrorClass): Partial<StepResult> => ({
  status: 'failed',
  error: { code: 'VP_DEMO', class: kind, message: `a ${kind} failure`, docs: '' },
});

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};

/** Runs a plan with real promises and records all that the host is told. */
export function start(init: {
  readonly steps: readonly PlanStep[];
  readonly work?: Work;
  readonly config?: LocalExecutorConfig;
  readonly options?: JsonObject;
  readonly clock?: Clock;
  readonly memory?: () => MemoryState;
}) {
  const { steps, work = async () => ({}), config = {}, options = {}, clock = systemClock, memory } = init;
  const log: string[] = [];
  const settled = new Map<string, StepResult[]>();
  const active = new Set<string>();
  let most = 0;
  const context = testContext();
  const result = (stepId: string, attempt: number, more: Partial<StepResult>): StepResult => ({
    stepId,
    asset: stepId,
    status: 'succeeded',
    attempt,
    startedAt: 0,
    finishedAt: 0,
    ...more,
  });
  const plan: Plan = { id: 'p', createdAt: 0, project: 'test', steps };
  const request: ExecuteRequest = {
    runId: 'r',
    plan,
    options,
    worker: { argv: () => [], ended: () => Promise.reject(new Error('no step runs elsewhere')) },
    async runStep(stepId, attempt) {
      log.push(`start ${stepId}${attempt.attempt > 1 ? ` ${attempt.attempt}` : ''}`);
      active.add(stepId);
      most = Math.max(most, active.size);
      try {
        return result(stepId, attempt.attempt, await work(stepId, attempt));
      } finally {
        active.delete(stepId);
        log.push(`end ${stepId}`);
      }
    },
    settleStep(stepId, status, reason, error) {
      log.push(`${status} ${stepId}`);
      const made = result(stepId, 0, { status, reason, ...(error === undefined ? {} : { error }) });
      settled.set(stepId, [...(settled.get(stepId) ?? []), made]);
      return made;
    },
    retrying: (stepId, _, delayMs) => void log.push(`retry ${stepId} in ${delayMs}`),
  };
  const executor = createLocalExecutor({
    config,
    clock,
    random: () => 0.5,
    ...(memory === undefined ? {} : { memory }),
  });
  const results = executor.execute(request, context);
  const statuses = async () => Object.fromEntries((await results).map((each) => [each.stepId, each.status]));
  return { context, results, statuses, log, settled, most: () => most };
}
