import type { PlanStep } from '@vp/plugin-sdk';
import { ReadyQueue, type ReadyStep } from './ready-queue.ts';

/** The steps of one resource class: those that could start, and how many may run at a time. */
export interface ResourceClass {
  readonly name: string | undefined;
  readonly limit: number;
  readonly queue: ReadyQueue;
  running: number;
  /** No start before something has ended. */
  isHeld: boolean;
}

/** Which step starts next, within the limits of the resource classes. */
export class Slots {
  readonly #classes = new Map<string | undefined, ResourceClass>();
  readonly #limits: ReadonlyMap<string, number>;
  readonly #height: readonly number[];

  constructor(limits: ReadonlyMap<string, number>, height: readonly number[]) {
    this.#limits = limits;
    this.#height = height;
  }

  of(step: PlanStep): ResourceClass {
    const limit = step.resource === undefined ? undefined : this.#limits.get(step.resource);
    const name = step.resource;
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const queue = new ReadyQueue(this.#height);
    const made: ResourceClass = {
      name,
      limit: limit ?? Number.POSITIVE_INFINITY,
      queue,
      running: 0,
      isHeld: false,
    };
    this.#classes.set(name, made);
    return made;
  }

  /** The class whose first step is the most urgent of those that may start. */
  next(): ResourceClass | undefined {
    let best: ResourceClass | undefined;
    for (const each of this.#classes.values()) {
      if (each.isHeld || each.running >= each.limit || each.queue.first === undefined) continue;
      if (best === undefined || each.queue.isBefore(each.queue.first, best.queue.first)) best = each;
    }
    return best;
  }

  /** All steps that wait for a slot; they do not any more. */
  drain(): ReadyStep[] {
    const all: ReadyStep[] = [];
    for (const { queue } of this.#classes.values()) {
      for (let step = queue.pop(); step !== undefined; step = queue.pop()) all.push(step);
    }
    return all;
  }

  unhold(): void {
    for (const each of this.#classes.values()) each.isHeld = false;
  }
}
