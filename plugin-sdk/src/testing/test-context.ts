import { inspect } from 'node:util';
import type { CallContext, JsonObject, Logger, LogLevel, Progress } from '@vp/contracts';

/** A line that was logged. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: JsonObject;
}

/** A call context that keeps what was logged and reported, and can be aborted. */
export interface TestContext extends CallContext {
  readonly logs: readonly LogLine[];
  readonly reported: readonly Progress[];
  /** Aborts the call's signal. The reason is what the call must reject with. */
  abort(reason?: unknown): void;
  /** All that was logged and reported, as one text, e.g. to look for secrets in it. */
  text(): string;
}

/**
 * A {@link TestContext}: what a test passes as the last argument of a contribution's methods.
 *
 * @example
 * ```ts
 * import { testContext } from '@vp/plugin-sdk/testing';
 * const context = testContext();
 * context.logger.info('hello', { n: 1 });
 * console.log(context.logs[0]?.message); // hello
 * ```
 */
export function testContext(init: { readonly runId?: string; readonly stepId?: string } = {}): TestContext {
  const controller = new AbortController();
  const logs: LogLine[] = [];
  const reported: Progress[] = [];
  return {
    ...init,
    signal: controller.signal,
    logger: collectingLogger(logs, {}),
    progress: (progress) => {
      reported.push(progress);
    },
    logs,
    reported,
    abort: (reason = new DOMException('The test aborted the call.', 'AbortError')) =>
      controller.abort(reason),
    text: () => inspect({ logs, reported }, { depth: null, maxStringLength: null, maxArrayLength: null }),
  };
}

/** A logger that appends to `lines`. */
export function collectingLogger(lines: LogLine[], fields: JsonObject): Logger {
  const at = (level: LogLevel) => (message: string, more?: JsonObject) => {
    lines.push({ level, message, fields: { ...fields, ...more } });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => collectingLogger(lines, { ...fields, ...more }),
  };
}
