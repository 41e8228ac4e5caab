import type { Store } from '@vp/contracts';
import { errors } from './errors.ts';

/**
 * Steps of the last run that did not end well: failed, blocked, cancelled, or never settled
 * because the process died.
 */
export async function unfinishedSteps(store: Store): Promise<ReadonlySet<string>> {
  const [last] = await store.runs({ limit: 1, status: ['succeeded', 'failed', 'cancelled', 'crashed'] });
  if (last === undefined) throw errors.VP_PLAN_NO_RUNS({});
  const open = new Set<string>();
  for (const { event } of await store.events({ runId: last.id, types: ['run.started', 'step.finished'] })) {
    if (event.type === 'run.started') {
      for (const step of event.plan.steps) if (step.action === 'run') open.add(step.id);
    } else if (event.type === 'step.finished') {
      const { stepId, status } = event.result;
      if (status === 'succeeded' || status === 'skipped') open.delete(stepId);
      else open.add(stepId);
    }
  }
  if (open.size === 0) throw errors.VP_PLAN_NOTHING_FAILED({ runId: last.id });
  return open;
}
