import type { ErrorClass } from '@vp/contracts';
import { CannotCross } from '../wire/fault.ts';
import { describeThrown, type ThrownData } from '../wire/thrown.ts';
import type { Crossing } from '../wire/value.ts';

/** A `VpError` by its brand. This process loads no package but the plugin's own. */
export function brandedError(init: {
  readonly code: string;
  readonly class: ErrorClass;
  readonly message: string;
  readonly hint?: string;
}): Error {
  const { message, ...rest } = init;
  const error = Object.assign(new Error(message), rest, { name: 'VpError' });
  return Object.defineProperty(error, Symbol.for('vp.error'), { value: true });
}

/** What the host threw, or aborted a call with, as an error. */
export function revive(data: Crossing): unknown {
  if (typeof data !== 'object' || data === null || !('message' in data)) return new Error('Refused.');
  const { name, message, code, nodeCode, class: kind, hint } = data;
  const text = typeof message === 'string' ? message : 'Refused.';
  if (typeof code === 'string' && typeof kind === 'string') {
    return brandedError({
      code,
      class: kind as ErrorClass,
      message: text,
      ...(typeof hint === 'string' ? { hint } : {}),
    });
  }
  if (name === 'AbortError' || name === 'TimeoutError') return new DOMException(text, name);
  return Object.assign(new Error(text), typeof nodeCode === 'string' ? { code: nodeCode } : {});
}

/** What was thrown as data; what could not be sent is the plugin's mistake, and told as that. */
export function describeForHost(thrown: unknown): ThrownData {
  if (!(thrown instanceof CannotCross)) return describeThrown(thrown);
  return describeThrown(
    brandedError({
      code: 'VP_ISOLATION_GARBAGE',
      class: 'plugin',
      message: `The plugin gave what cannot leave its process: ${thrown.message}.`,
      hint: 'Tell its author: results are JSON, bigint and bytes.',
    }),
  );
}
