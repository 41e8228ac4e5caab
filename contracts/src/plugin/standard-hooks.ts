import type { Plan } from '../run/plan.ts';
import type { RunSummary, StepResult } from '../run/result.ts';
import { createHookRef } from './hook-ref.ts';

/** The moments that the kernel itself announces. They run per plan or per step, never per row. */
export const hooks = {
  /** A plan was built and may be changed before anybody sees it. */
  planBuilt: createHookRef<Plan, Plan>({ id: 'plan.built', major: 1, kind: 'waterfall' }),
  /** A run is about to start; a tap that throws prevents it. */
  runStarting: createHookRef<{ readonly runId: string; readonly plan: Plan }>({
    id: 'run.starting',
    major: 1,
    kind: 'series',
  }),
  /** A step has ended, whatever the outcome. */
  stepFinished: createHookRef<{ readonly runId: string; readonly result: StepResult }>({
    id: 'step.finished',
    major: 1,
    kind: 'parallel',
  }),
  /** A run has ended and its record is written. */
  runFinished: createHookRef<RunSummary>({ id: 'run.finished', major: 1, kind: 'parallel' }),
} as const;
