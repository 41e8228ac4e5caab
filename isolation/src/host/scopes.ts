import type { CallContext, Logger, Progress, QueryResult } from '@vp/contracts';
import { describeThrown } from '../wire/thrown.ts';

/** What a call of the host's lends to the plugin while it runs. */
export interface Scope {
  readonly id: number;
  readonly context: CallContext;
  /** For validators. */
  readonly query?: ((sql: string) => Promise<QueryResult>) | undefined;
  /** For commands. */
  readonly print?: ((line: string) => void) | undefined;
}

/** The calls that have a context, by number: what the plugin says about one finds its way back. */
export class HostScopes {
  readonly #open = new Map<number, Scope>();
  #last = 0;

  /** `link` may be gone: then there is nobody to tell. */
  open(
    init: Omit<Scope, 'id'>,
    link: { cancel(scope: number, reason: unknown): void; release(scope: number): void },
  ): { readonly info: { readonly [key: string]: unknown }; release(): void } {
    this.#last += 1;
    const id = this.#last;
    const { context } = init;
    const { signal, runId, stepId } = context;
    this.#open.set(id, { ...init, id });
    const abort = () => link.cancel(id, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    return {
      info: {
        scope: id,
        runId,
        stepId,
        ...(signal.aborted ? { aborted: describeThrown(signal.reason) } : {}),
      },
      release: () => {
        signal.removeEventListener('abort', abort);
        if (this.#open.delete(id)) link.release(id);
      },
    };
  }

  /** The scope that the plugin names, while it is open. */
  find(id: unknown): Scope | undefined {
    return typeof id === 'number' ? this.#open.get(id) : undefined;
  }

  /** The log of the call that began last, for lines that belong to none. */
  latestLogger(): Logger | undefined {
    return [...this.#open.values()].at(-1)?.context.logger;
  }

  clear(): void {
    this.#open.clear();
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** A progress that a plugin reports, with what is none left out. */
export function progressOf(data: { readonly [key: string]: unknown }): Progress {
  const { rows, bytes, fraction, activity } = data;
  return {
    ...(isCount(rows) ? { rows } : {}),
    ...(isCount(bytes) ? { bytes } : {}),
    ...(isCount(fraction) ? { fraction: Math.min(fraction, 1) } : {}),
    ...(typeof activity === 'string' ? { activity: activity.slice(0, 200) } : {}),
  };
}
