import type { StepResult } from '@vp/contracts';
import type { Redactor } from '../secrets/index.ts';

/** Names by which results are filed: a password `orders` must not unname the asset. */
const names: ReadonlySet<string> = new Set(['stepId', 'asset', 'partition', 'snapshot', 'status']);

/** A step's result without secrets: it goes to events, taps, the store and the summary. */
export function cleanResult(result: StepResult, redactor: Redactor): StepResult {
  const kept = Object.fromEntries(Object.entries(result).filter(([key]) => names.has(key)));
  return { ...redactor.sameShape(result), ...kept };
}
