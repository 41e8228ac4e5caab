import type { StepResult } from '@vp/contracts';
import { pick, resultNames } from '../events/index.ts';
import type { Redactor } from '../secrets/index.ts';

/** A step's result without secrets: it goes to events, taps, the store and the summary. */
export function cleanResult(result: StepResult, redactor: Redactor): StepResult {
  return { ...redactor.sameShape(result), ...pick(result, resultNames) };
}
