import {
  type CallContext,
  type Clock,
  describeThrown,
  type ExecuteRequest,
  type StepResult,
  type VpError,
} from '@vp/plugin-sdk';
import { type AttemptEnd, type RunningAttempt, startAttempt } from './attempt.ts';
import { delayAfter } from './backoff.ts';
import type { Settings } from './config.ts';
import { errors } from './errors.ts';
import { type StepGraph, stepGraph } from './graph.ts';
import { bytesOf, type MemoryState } from './memory.ts';
import type { ReadyStep } from './ready-queue.ts';
import { type ResourceClass, Slots } from './slots.ts';

export interface RunInit {
  readonly request: ExecuteRequest;
  readonly context: CallContext;
  readonly settings: Settings;
  readonly clock: Clock;
  memory(): MemoryState;
  random(): number;
}

/** One plan being run. All state is by step index; nothing recurses, whatever the plan's depth. */
export class Run {
  readonly #init: RunInit;
  readonly #graph: StepGraph;
  readonly #slots: Slots;
  readonly #waitsFor: number[];
  readonly #results: StepResult[] = [];
  /** The first step upstream that did not succeed, and how it ended. */
  readonly #blockedBy = new Map<number, { readonly id: string; readonly status: string }>();
  readonly #running = new Map<number, RunningAttempt>();
  readonly #retrying = new Map<number, StepResult>();
  /** Steps of which it was said already. */
  readonly #waitsForMemory = new Set<string>();
  readonly #over = new AbortController();
  readonly #done = Promise.withResolvers<readonly StepResult[]>();
  #unsettled: number;
  #cancelled: string | undefined;

  constructor(init: RunInit) {
    this.#init = init;
    this.#graph = stepGraph(init.request.plan.steps);
    this.#slots = new Slots(init.settings.resources, this.#graph.height);
    this.#waitsFor = [...this.#graph.waitsFor];
    this.#unsettled = this.#graph.steps.length;
  }

  async execute(): Promise<readonly StepResult[]> {
    const { signal } = this.#init.context;
    const cancel = () => this.#guard(() => this.#cancel(describeThrown(signal.reason)));
    if (signal.aborted) this.#cancelled = describeThrown(signal.reason);
    else signal.addEventListener('abort', cancel, { once: true });
    this.#guard(() => {
      this.#release(this.#waitsFor.flatMap((count, index) => (count === 0 ? [index] : [])));
      this.#startWhatFits();
    });
    try {
      return await this.#done.promise;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#over.abort();
    }
  }

  /** An error of the host ends the run: without it steps cannot be settled. */
  #guard(work: () => void): void {
    try {
      work();
      if (this.#unsettled === 0) this.#done.resolve(this.#results);
    } catch (error) {
      this.#done.reject(error);
    }
  }

  /** Settles or queues steps whose dependencies are all settled, and those that become so by it. */
  #release(indexes: readonly number[]): void {
    const pending = [...indexes].reverse();
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      const result = this.#settledUnrun(index);
      if (result === undefined) this.#queue({ index, attempt: 1 });
      else pending.push(...this.#settle(index, result));
    }
  }

  #settledUnrun(index: number): StepResult | undefined {
    const { request } = this.#init;
    const step = this.#step(index);
    const blockedBy = this.#blockedBy.get(index);
    if (blockedBy !== undefined && (this.#cancelled === undefined || blockedBy.status === 'failed')) {
      return request.settleStep(step.id, 'blocked', `${blockedBy.id} ${blockedBy.status}`);
    }
    if (this.#cancelled !== undefined) return request.settleStep(step.id, 'cancelled', this.#cancelled);
    if (step.action === 'skip') return request.settleStep(step.id, 'skipped', step.reason.text);
    return undefined;
  }

  /** Keeps the result and gives the steps that waited for nothing else. */
  #settle(index: number, result: StepResult): number[] {
    this.#results[index] = result;
    this.#unsettled -= 1;
    const isGood = result.status === 'succeeded' || result.status === 'skipped';
    const origin = this.#blockedBy.get(index) ?? { id: this.#step(index).id, status: result.status };
    const released: number[] = [];
    for (const dependent of this.#graph.dependents[index] ?? []) {
      const known = this.#blockedBy.get(dependent);
      // A failure explains more than a cancellation.
      if (!isGood && (known === undefined || known.status !== 'failed'))
        this.#blockedBy.set(dependent, origin);
      const count = (this.#waitsFor[dependent] ?? 0) - 1;
      this.#waitsFor[dependent] = count;
      if (count === 0) released.push(dependent);
    }
    return released;
  }

  #queue(ready: ReadyStep): void {
    this.#slots.of(this.#step(ready.index)).queue.push(ready);
  }

  #startWhatFits(): void {
    while (this.#cancelled === undefined && this.#running.size < this.#init.settings.concurrency) {
      const from = this.#slots.next();
      if (from === undefined) return;
      const refusal = this.#memoryRefusal(from);
      if (refusal === 'later') {
        from.isHeld = true;
        continue;
      }
      const ready = from.queue.pop();
      if (ready === undefined) return;
      if (refusal === undefined) this.#start(ready, from);
      else this.#release(this.#settle(ready.index, this.#fail(ready.index, refusal)));
    }
  }

  #start({ index, attempt }: ReadyStep, from: ResourceClass): void {
    const { request, context, settings, clock } = this.#init;
    const step = this.#step(index);
    from.running += 1;
    const onEnd = (end: AttemptEnd) =>
      this.#guard(() => {
        from.running -= 1;
        this.#running.delete(index);
        this.#slots.unhold();
        this.#ended(index, attempt, end);
        this.#startWhatFits();
      });
    const { graceMs } = settings;
    const wanted = step.timeoutMs ?? settings.timeoutMs;
    // Longer than a timer can hold is for ever.
    const timeoutMs = wanted !== undefined && wanted < 2 ** 31 ? wanted : undefined;
    const { signal } = context;
    this.#running.set(
      index,
      startAttempt({ request, signal, clock, step, attempt, timeoutMs, graceMs, onEnd }),
    );
  }

  #ended(index: number, attempt: number, end: AttemptEnd): void {
    if (end.kind === 'lost') {
      this.#release(this.#settle(index, this.#fail(index, end.error)));
      return;
    }
    const { result } = end;
    const { settings, request, random, clock } = this.#init;
    const retries = this.#step(index).retries ?? settings.retries;
    const isWorthIt = result.status === 'failed' && result.error?.class === 'transient' && attempt <= retries;
    if (!isWorthIt || this.#cancelled !== undefined) {
      this.#release(this.#settle(index, result));
      return;
    }
    const asked = result.error?.retryAfterMs;
    const least = asked !== undefined && Number.isFinite(asked) ? asked : 0;
    const delayMs = Math.max(least, delayAfter(attempt, settings.backoff, random));
    this.#retrying.set(index, result);
    request.retrying(this.#step(index).id, result, delayMs);
    const again = () => {
      if (!this.#retrying.delete(index)) return;
      this.#queue({ index, attempt: attempt + 1 });
      this.#startWhatFits();
    };
    clock.sleep(delayMs, this.#over.signal).then(
      () => this.#guard(again),
      (error: unknown) => this.#over.signal.aborted || this.#done.reject(error),
    );
  }

  /** Starts nothing any more; what runs has its signal aborted already and is waited for. */
  #cancel(reason: string): void {
    this.#cancelled = reason;
    const waiting = this.#slots.drain().map(({ index }) => index);
    const settled = [...waiting, ...this.#retrying.keys()].flatMap((index) => {
      const failed = this.#retrying.get(index)?.error;
      const text =
        failed === undefined ? reason : `${reason}, before another attempt after: ${failed.message}`;
      return this.#settle(index, this.#init.request.settleStep(this.#step(index).id, 'cancelled', text));
    });
    this.#retrying.clear();
    this.#release(settled);
    if (this.#running.size === 0) return;
    const giveUp = () => {
      for (const attempt of [...this.#running.values()]) attempt.giveUp('the run was cancelled');
    };
    this.#init.clock.sleep(this.#init.settings.graceMs, this.#over.signal).then(
      () => this.#guard(giveUp),
      (error: unknown) => this.#over.signal.aborted || this.#done.reject(error),
    );
  }

  #memoryRefusal({ name, queue }: ResourceClass): 'later' | VpError | undefined {
    const { soft, hard, classes } = this.#init.settings.memory;
    if (name === undefined || !classes.includes(name)) return undefined;
    const { rss, total } = this.#init.memory();
    if (rss < bytesOf(soft, total, 'memory.soft')) return undefined;
    const step = queue.first === undefined ? '' : this.#step(queue.first.index).id;
    if (this.#running.size > 0) {
      if (!this.#waitsForMemory.has(step))
        this.#init.context.logger.info(`Step ${step} waits until other steps have given back memory.`, {
          rss,
          total,
        });
      this.#waitsForMemory.add(step);
      return 'later';
    }
    // Alone, it is started above the soft limit: waiting would never end.
    const limit = bytesOf(hard, total, 'memory.hard');
    return rss < limit ? undefined : errors.VP_EXECUTOR_MEMORY({ step, rss, limit });
  }

  #fail(index: number, error: VpError): StepResult {
    const { id } = this.#step(index);
    return this.#init.request.settleStep(id, 'failed', error.message, error.toJSON());
  }

  #step(index: number) {
    const step = this.#graph.steps[index];
    if (step === undefined) throw errors.VP_EXECUTOR_BAD_PLAN({ problem: `there is no step ${index}` });
    return step;
  }
}
