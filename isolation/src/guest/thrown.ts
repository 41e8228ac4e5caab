import type { ErrorClass } from '@vp/contracts';
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
