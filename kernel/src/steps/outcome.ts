import type { StepResult } from '@vp/contracts';

/** What a step found out about its result; the runner adds names and times. */
export type StepOutcome = Omit<
  StepResult,
  'stepId' | 'asset' | 'partition' | 'attempt' | 'startedAt' | 'finishedAt'
>;

/** Of an attempt that finds its step done under its own token, by one whose end was never heard of. */
export const doneBefore = { status: 'succeeded', reason: 'done by an earlier attempt' } as const;
