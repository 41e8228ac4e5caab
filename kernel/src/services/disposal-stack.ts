import type { VpError } from '@vp/contracts';
import { fromThrown } from '../support/thrown.ts';
import { timeLimit } from '../support/time-limit.ts';
import { errors } from './errors.ts';

interface Entry {
  readonly what: string;
  readonly dispose: () => unknown;
}

/** Things to be closed, last opened first; one that fails or hangs does not keep the others open. */
export class DisposalStack {
  readonly #plugin: string | undefined;
  readonly #entries: Entry[] = [];
  #unwindMs: number | undefined;
  /** Hears what goes wrong with things that come when the stack is unwound already. */
  onLate: (error: VpError) => void = () => {};

  constructor(plugin?: string) {
    this.#plugin = plugin;
  }

  /**
   * `what` names it in errors: `service acme.geocoder@1`. What comes after the end, from work that
   * was given up, is closed at once.
   */
  push(what: string, dispose: () => unknown): void {
    this.#entries.push({ what, dispose });
    if (this.#unwindMs !== undefined) void this.#closeLate(this.#unwindMs);
  }

  async #closeLate(timeoutMs: number): Promise<void> {
    for (const error of await this.unwind(timeoutMs)) this.onLate(error);
  }

  /** Pushes the value's own `[Symbol.asyncDispose]` or `[Symbol.dispose]`, when it has one. */
  adopt(what: string, value: unknown): void {
    const dispose = disposerOf(value);
    if (dispose !== undefined) this.push(what, dispose);
  }

  /** Closes everything, each within `timeoutMs`. Never rejects: gives what went wrong. */
  async unwind(timeoutMs: number): Promise<readonly VpError[]> {
    this.#unwindMs = timeoutMs;
    const problems: VpError[] = [];
    for (let entry = this.#entries.pop(); entry !== undefined; entry = this.#entries.pop()) {
      const { what, dispose } = entry;
      const context = { plugin: this.#plugin, phase: 'stop' };
      try {
        await timeLimit(async () => dispose(), {
          ms: timeoutMs,
          late: (ms) => errors.VP_DISPOSE_TIMEOUT({ what, ms }, context),
        });
      } catch (error) {
        problems.push(
          fromThrown(error, context, (reason, where) => errors.VP_DISPOSE_FAILED({ what, reason }, where)),
        );
      }
    }
    return problems;
  }
}

function disposerOf(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  for (const key of [Symbol.asyncDispose, Symbol.dispose]) {
    const dispose: unknown = Reflect.get(value, key);
    if (typeof dispose === 'function') return () => Reflect.apply(dispose, value, []);
  }
  return undefined;
}
