import type { VpEvent } from '@vp/contracts';

/** Names by which results are filed: a password `orders` must not unname the asset. */
export const resultNames = ['stepId', 'asset', 'partition', 'snapshot', 'status'] as const;

/** What `vp run --from-failed`, workers and the history find steps by. None of it comes from outside the pipeline. */
const stepNames = [
  'id',
  'kind',
  'asset',
  'partition',
  'publish',
  'dependsOn',
  'action',
  'engine',
  'definition',
  'definitionParts',
] as const;

export function pick(value: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}

/** A redacted event with the names inside it as they were. */
export function withNames(redacted: VpEvent, event: VpEvent): VpEvent {
  if (redacted.type === 'step.finished' && event.type === 'step.finished') {
    return { ...redacted, result: { ...redacted.result, ...pick(event.result, resultNames) } };
  }
  if (redacted.type === 'snapshot.committed' && event.type === 'snapshot.committed') {
    return {
      ...redacted,
      snapshot: { ...redacted.snapshot, ...pick(event.snapshot, ['id', 'asset', 'partition']) },
    };
  }
  if (redacted.type === 'run.started' && event.type === 'run.started') {
    const steps = event.plan.steps.map((step, index) => ({
      ...step,
      ...redacted.plan.steps[index],
      ...pick(step, stepNames),
    }));
    return { ...redacted, plan: { ...redacted.plan, steps } };
  }
  return redacted;
}
