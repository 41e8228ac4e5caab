import {
  type ExecuteRequest,
  type Executor,
  type JsonObject,
  type StepResult,
  type StepStatus,
  VpError,
} from '@vp/contracts';
import { type TestContext, testContext } from '../../testing/test-context.ts';
import { passTime } from '../data/pass-time.ts';
import type { Behaviour, Scenario } from './plans.ts';
import type { ExecutorSubject } from './subject.ts';

/** One thing that the executor did, in order. */
export interface Deed {
  readonly did: 'start' | 'end' | 'settle' | 'retrying';
  readonly step: string;
  readonly attempt?: number;
  readonly status?: StepStatus;
  readonly delayMs?: number;
  /** By the subject's clock, when it has one. */
  readonly at: number | undefined;
}

/** What came of a simulated run. */
export interface Simulated {
  readonly results: readonly StepResult[];
  readonly deeds: readonly Deed[];
  /** The last result that the host gave for each step. */
  readonly given: ReadonlyMap<string, StepResult>;
  /** Most steps that ran at the same time. */
  readonly widest: number;
}

/** How a simulation differs from the plain one. */
export interface Simulation {
  readonly options?: JsonObject;
  readonly context?: TestContext;
  readonly executor?: Executor;
  /** Called for each deed, e.g. to abort in the midst. */
  readonly watch?: (deed: Deed) => void;
  /** `false`: the clock stands still; nothing that is waited for comes. */
  readonly timePasses?: boolean;
}

/** Lets an executor run a plan whose steps only behave. */
export async function simulate(
  subject: ExecutorSubject,
  { plan, behaviours }: Scenario,
  how: Simulation = {},
): Promise<Simulated> {
  const executor = how.executor ?? (await subject.open());
  const deeds: Deed[] = [];
  const given = new Map<string, StepResult>();
  let running = 0;
  let widest = 0;
  const note = (deed: Omit<Deed, 'at'>) => {
    const dated = { ...deed, at: subject.clock?.now() };
    deeds.push(dated);
    how.watch?.(dated);
  };
  const give = (result: StepResult): StepResult => {
    given.set(result.stepId, result);
    return result;
  };

  const request: ExecuteRequest = {
    runId: 'run-1',
    plan,
    options: how.options ?? {},
    async runStep(id, { attempt, signal }) {
      widest = Math.max(widest, ++running);
      note({ did: 'start', step: id, attempt });
      try {
        const behaviour = behaviours.get(id) ?? { kind: 'succeed' };
        await turns(1 + (id.length % 3));
        const result = await behave(behaviour, id, attempt, signal);
        note({ did: 'end', step: id, attempt, status: result.status });
        return give(result);
      } finally {
        running--;
      }
    },
    settleStep(id, status, reason, error) {
      note({ did: 'settle', step: id, status });
      return give({ ...ended(id, status, 0), reason, ...(error === undefined ? {} : { error }) });
    },
    retrying(id, failed, delayMs) {
      note({ did: 'retrying', step: id, attempt: failed.attempt, delayMs });
    },
    worker: {
      argv: (id, attempt) => ['worker', 'step', id, String(attempt)],
      ended: async (id, { attempt }) => give(ended(id, 'succeeded', attempt)),
    },
  };
  const work = executor.execute(request, how.context ?? testContext());
  const results = await (how.timePasses === false ? work : passTime(subject.clock, work));
  return { results, deeds, given, widest };
}

async function behave(
  behaviour: Behaviour,
  id: string,
  attempt: number,
  signal: AbortSignal,
): Promise<StepResult> {
  switch (behaviour.kind) {
    case 'succeed':
      return ended(id, 'succeeded', attempt);
    case 'flaky':
      return attempt > behaviour.times
        ? ended(id, 'succeeded', attempt)
        : failure(id, attempt, 'transient', behaviour.retryAfterMs);
    case 'fail':
      return failure(id, attempt, behaviour.class);
    case 'reject':
      throw new Error(`runStep of ${id} rejects`);
    case 'hang':
      if (!signal.aborted)
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
      return ended(id, 'cancelled', attempt);
  }
}

function ended(stepId: string, status: StepStatus, attempt: number): StepResult {
  return { stepId, asset: stepId, status, attempt, startedAt: 0, finishedAt: 0 };
}

function failure(id: string, attempt: number, kind: VpError['class'], retryAfterMs?: number): StepResult {
  const error = new VpError({
    code: 'VP_CONFORMANCE_STEP',
    class: kind,
    message: `${id} fails.`,
    retryAfterMs,
  });
  return { ...ended(id, 'failed', attempt), error: error.toJSON() };
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
