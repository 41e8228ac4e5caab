import type { CallContext, JsonObject, Logger, LogLevel } from '@vp/contracts';
import type { Link } from '../wire/link.ts';
import type { Crossing } from '../wire/value.ts';

/** What goes with a call that has a context. */
export interface ScopeInfo {
  readonly scope: number;
  readonly runId?: string;
  readonly stepId?: string;
  /** Why the signal was aborted before the call. */
  readonly aborted?: Crossing;
}

/** The contexts of the calls of this moment: their signals are the host's, a pipe away. */
export class Scopes {
  readonly #controllers = new Map<number, AbortController>();
  readonly #link: () => Link;
  readonly #revive: (data: Crossing) => unknown;

  constructor(init: { readonly link: () => Link; readonly revive: (data: Crossing) => unknown }) {
    this.#link = init.link;
    this.#revive = init.revive;
  }

  context({ scope, runId, stepId, aborted }: ScopeInfo): CallContext {
    const controller = new AbortController();
    this.#controllers.set(scope, controller);
    if (aborted !== undefined) controller.abort(this.#revive(aborted));
    return {
      signal: controller.signal,
      logger: this.logger(scope),
      progress: (progress) => this.#link().note({ type: 'progress', scope, progress }),
      ...(runId === undefined ? {} : { runId }),
      ...(stepId === undefined ? {} : { stepId }),
    };
  }

  /** Lines of a call, or of the plugin itself: scope 0. */
  logger(scope = 0, always: JsonObject = {}): Logger {
    const log = (level: LogLevel) => (message: string, fields?: JsonObject) => {
      this.#link().note({
        type: 'log',
        scope,
        level,
        message: String(message),
        fields: { ...always, ...fields },
      });
    };
    return {
      debug: log('debug'),
      info: log('info'),
      warn: log('warn'),
      error: log('error'),
      with: (fields) => this.logger(scope, { ...always, ...fields }),
    };
  }

  cancel(scope: number, reason: Crossing): void {
    this.#controllers.get(scope)?.abort(this.#revive(reason));
  }

  release(scope: number): void {
    this.#controllers.delete(scope);
  }
}
