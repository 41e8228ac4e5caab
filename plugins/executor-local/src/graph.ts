import type { PlanStep } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** A plan's steps by index, which is cheaper than by id. */
export interface StepGraph {
  readonly steps: readonly PlanStep[];
  /** How many steps of the plan each one waits for. */
  readonly waitsFor: readonly number[];
  readonly dependents: readonly (readonly number[])[];
  /** Steps on the longest way from each one to an end, itself included: what is started first. */
  readonly height: readonly number[];
}

/** @throws VpError `VP_EXECUTOR_BAD_PLAN` */
export function stepGraph(steps: readonly PlanStep[]): StepGraph {
  const indexOf = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    if (indexOf.has(step.id))
      throw errors.VP_EXECUTOR_BAD_PLAN({ problem: `two steps have the id ${step.id}` });
    indexOf.set(step.id, index);
  }
  const waitsFor: number[] = [];
  const dependents: number[][] = steps.map(() => []);
  for (const [index, step] of steps.entries()) {
    let count = 0;
    for (const id of new Set(step.dependsOn)) {
      // What is not in the plan was done before.
      const dependency = indexOf.get(id);
      if (dependency === undefined) continue;
      dependents[dependency]?.push(index);
      count += 1;
    }
    waitsFor.push(count);
  }
  const order = topological(waitsFor, dependents);
  if (order.length < steps.length) {
    const done = new Set(order);
    const stuck = steps.filter((_, index) => !done.has(index)).map((step) => step.id);
    const problem = `steps wait for each other: ${stuck.slice(0, 10).join(', ')}`;
    throw errors.VP_EXECUTOR_BAD_PLAN({ problem });
  }
  const height = steps.map(() => 1);
  for (const index of order.reverse()) {
    for (const dependent of dependents[index] ?? []) {
      height[index] = Math.max(height[index] ?? 1, (height[dependent] ?? 0) + 1);
    }
  }
  return { steps, waitsFor, dependents, height };
}

function topological(waitsFor: readonly number[], dependents: readonly (readonly number[])[]): number[] {
  const left = [...waitsFor];
  const order = left.flatMap((count, index) => (count === 0 ? [index] : []));
  // Grows while it is read.
  for (const index of order) {
    for (const dependent of dependents[index] ?? []) {
      const count = (left[dependent] ?? 0) - 1;
      left[dependent] = count;
      if (count === 0) order.push(dependent);
    }
  }
  return order;
}
