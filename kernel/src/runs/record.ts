import { hostname } from 'node:os';
import type { Plan, RunRecord, StepResult, StepStatus } from '@vp/contracts';

type Counts = RunRecord['steps'];

export function countSteps(total: number, results: Iterable<StepResult>): Counts {
  const counts: Record<StepStatus, number> = {
    succeeded: 0,
    failed: 0,
    skipped: 0,
    blocked: 0,
    cancelled: 0,
  };
  for (const result of results) counts[result.status] += 1;
  return { total, ...counts };
}

/** The record of a run that begins. */
export function startRecord(facts: {
  readonly id: string;
  readonly plan: Plan;
  readonly startedAt: number;
  readonly user: string | undefined;
}): RunRecord {
  const { id, plan, startedAt, user } = facts;
  const selection = plan.metadata?.selection;
  return {
    id,
    status: 'running',
    startedAt,
    selection: typeof selection === 'string' ? selection : '',
    ...(plan.environment === undefined ? {} : { environment: plan.environment }),
    ...(plan.lockDigest === undefined ? {} : { lockDigest: plan.lockDigest }),
    pid: process.pid,
    host: hostname(),
    ...(user === undefined ? {} : { user }),
    steps: countSteps(plan.steps.length, []),
  };
}
