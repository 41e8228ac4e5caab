import {
  type ErrorClass,
  exitCodeOfClass,
  type JsonObject,
  type SourceLocation,
  VpError,
} from '@vp/contracts';
import { objectOf } from '../wire/payload.ts';
import type { Crossing } from '../wire/value.ts';

/** What a plugin may say of its errors. `internal` is ours: nobody else blames us. */
const classes = new Set(Object.keys(exitCodeOfClass).filter((name) => name !== 'internal'));

const isClass = (value: unknown): value is ErrorClass => typeof value === 'string' && classes.has(value);

/** An error that came from the plugin's process, as if thrown here. The plugin's name is the host's to give. */
export function reviveError(
  data: Crossing,
  init: { readonly plugin: string; clean(text: string): string },
): Error {
  return revive(data, init, 0);
}

function revive(
  data: Crossing,
  init: { readonly plugin: string; clean(text: string): string },
  depth: number,
): Error {
  const { plugin, clean } = init;
  const fields = objectOf(data, 'an error');
  const text = (key: string) => {
    const value = fields[key];
    return typeof value === 'string' ? clean(value) : undefined;
  };
  const message = text('message') ?? 'An error without a message.';
  const cause =
    fields.cause === undefined || depth > 16 ? {} : { cause: revive(fields.cause, init, depth + 1) };
  const code = text('code');
  if (code === undefined || !/^VP_[A-Z0-9_]{1,80}$/.test(code)) {
    const error = new Error(message, cause);
    error.name = nameOf(fields.name);
    const nodeCode = text('nodeCode');
    if (nodeCode !== undefined && /^[A-Z0-9_]{2,60}$/.test(nodeCode))
      Object.assign(error, { code: nodeCode });
    return withStack(error, text('stack'));
  }
  const hint = text('hint');
  const phase = text('phase');
  const { at, details, retryAfterMs } = fields;
  const error = new VpError({
    code,
    class: isClass(fields.class) ? fields.class : 'plugin',
    message,
    plugin,
    ...(hint === undefined ? {} : { hint }),
    ...(phase === undefined ? {} : { phase }),
    // Plain data of the plugin's author, as in process.
    ...(isObject(at) ? { at: at as SourceLocation } : {}),
    ...(isObject(details) ? { details: details as JsonObject } : {}),
    ...(typeof retryAfterMs === 'number' && Number.isFinite(retryAfterMs) ? { retryAfterMs } : {}),
    ...cause,
  });
  return withStack(error, text('stack'));
}

function isObject(value: Crossing): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(name: Crossing): string {
  return typeof name === 'string' && /^[A-Za-z]{1,40}$/.test(name) ? name : 'Error';
}

/** The plugin's stack says where the fault is; the host's, how the call got there. */
function withStack<E extends Error>(error: E, stack: string | undefined): E {
  if (stack !== undefined) error.stack = stack;
  return error;
}
