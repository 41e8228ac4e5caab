import type { RunRecord, VpEvent } from '@vp/plugin-sdk';

/** The record of a run whose process died, from the last that it wrote and the events that it left. */
export function crashedRun(run: RunRecord, events: readonly VpEvent[]): RunRecord {
  const statuses = new Map<string, keyof RunRecord['steps']>();
  let finishedAt = run.startedAt;
  for (const event of events) {
    finishedAt = Math.max(finishedAt, event.at);
    // Of several attempts the last one counts.
    if (event.type === 'step.finished') statuses.set(event.result.stepId, event.result.status);
  }
  const steps = { ...run.steps, succeeded: 0, failed: 0, skipped: 0, blocked: 0, cancelled: 0 };
  for (const status of statuses.values()) steps[status] += 1;
  return { ...run, status: 'crashed', finishedAt, steps };
}
