import type { StepResult } from '@vp/contracts';

/** What a step found out about its result; the runner adds names and times. */
export type StepOutcome = Omit<
  StepResult,
  'stepId' | 'asset' | 'partition' | 'attempt' | 'startedAt' | 'finishedAt'
>;
