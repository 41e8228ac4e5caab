import type { Crossing } from './value.ts';

/** A thrown thing as data. `code` marks a `VpError`. */
export interface ThrownData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  /** What Node calls it: `ECONNREFUSED`. Drivers go by it. */
  readonly nodeCode?: string;
  readonly class?: string;
  readonly hint?: string;
  readonly phase?: string;
  readonly at?: Crossing;
  readonly details?: Crossing;
  readonly retryAfterMs?: number;
  readonly cause?: ThrownData;
}

const VP_ERROR = Symbol.for('vp.error');
const longest = 64 * 2 ** 10;
const deepest = 16;

/** Describes what was thrown. Never throws itself, whatever traps the thing sets. */
export function describeThrown(thrown: unknown, depth = 0): ThrownData {
  const object = typeof thrown === 'object' && thrown !== null ? thrown : undefined;
  if (object === undefined) return { name: 'Error', message: `Thrown without an Error: ${textOf(thrown)}` };
  const name = stringOf(object, 'name') ?? 'Error';
  const message = `${stringOf(object, 'message') ?? 'An error without a message.'}${refused(object)}`;
  const isVp = attempt(() => VP_ERROR in object) === true;
  const cause = attempt(() => Reflect.get(object, 'cause'));
  const inner = cause === undefined || depth >= deepest ? {} : { cause: describeThrown(cause, depth + 1) };
  const base = {
    name,
    message,
    ...optional('stack', stringOf(object, 'stack')),
    ...(isVp ? {} : optional('nodeCode', stringOf(object, 'code'))),
    ...inner,
  };
  if (!isVp) return base;
  return {
    ...base,
    code: stringOf(object, 'code') ?? '',
    class: stringOf(object, 'class') ?? '',
    ...optional('hint', stringOf(object, 'hint')),
    ...optional('phase', stringOf(object, 'phase')),
    ...optional('retryAfterMs', numberOf(object, 'retryAfterMs')),
    ...optional('at', plainOf(object, 'at')),
    ...optional('details', plainOf(object, 'details')),
  };
}

/** What Node's permission model refused: its message names the flag, and not the file. */
function refused(object: object): string {
  const resource = stringOf(object, 'resource');
  if (stringOf(object, 'code') !== 'ERR_ACCESS_DENIED' || resource === undefined) return '';
  return ` (${stringOf(object, 'permission') ?? 'access'} ${resource})`;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    // A getter that throws has nothing to tell.
    return undefined;
  }
}

function textOf(value: unknown): string {
  return attempt(() => String(value)) ?? 'something without a text';
}

function stringOf(object: object, key: string): string | undefined {
  const value = attempt(() => Reflect.get(object, key));
  return typeof value === 'string' ? value.slice(0, longest) : undefined;
}

function numberOf(object: object, key: string): number | undefined {
  const value = attempt(() => Reflect.get(object, key));
  return typeof value === 'number' ? value : undefined;
}

/** JSON of a member, as it would be printed; a member that has none is left out. */
function plainOf(object: object, key: string): Crossing | undefined {
  return attempt(() => {
    const text = JSON.stringify(Reflect.get(object, key));
    return text === undefined || text.length > longest ? undefined : (JSON.parse(text) as Crossing);
  });
}
