import type { StepStatus } from '@vp/contracts';
import { ensureSame } from '../ensure.ts';
import { type Behaviour, expectedStatuses, type Scenario, scenario, step } from './plans.ts';
import { type Simulated, type Simulation, simulate } from './simulate.ts';
import type { ExecutorSubject } from './subject.ts';

/** How a step ended. */
export const statusOf = ({ results }: Simulated, id: string): StepStatus | undefined =>
  results.find((r) => r.stepId === id)?.status;

/** Breaks the law unless there is exactly one result for each step, with these statuses. */
export function ensureSettled(run: Simulated, wanted: Scenario, expected = expectedStatuses(wanted)): void {
  const ids = run.results.map((r) => r.stepId);
  ensureSame(new Set(ids).size, ids.length, 'the number of different steps in the results');
  ensureSame(ids.length, wanted.plan.steps.length, 'the number of results');
  for (const [id, status] of expected) ensureSame(statusOf(run, id), status, `the status of ${id}`);
}

/** The attempts of a step that were started, by their number. */
export const attemptsOf = (run: Simulated, id: string): readonly (number | undefined)[] =>
  run.deeds.filter((d) => d.did === 'start' && d.step === id).map((d) => d.attempt);

/** Runs a plan of the one step `a`. */
export async function simulateOne(
  subject: ExecutorSubject,
  behaviour: Behaviour,
  retries: number,
  how?: Simulation,
) {
  return simulate(subject, scenario([step('a', [], { retries })], { a: behaviour }), how);
}
