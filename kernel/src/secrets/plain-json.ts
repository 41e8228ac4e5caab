import { describeThrown, isSecret, isVpError, type Json } from '@vp/contracts';

/** `value` as JSON with `text` applied to each string and key. Nothing in it can make it throw. */
export function toPlainJson(value: unknown, text: (input: string) => string): Json {
  return convert(value, text, []);
}

function convert(value: unknown, text: (input: string) => string, around: readonly object[]): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return text(String(value));
  if (isSecret(value)) return '[secret]';
  if (around.includes(value)) return '[circular]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const inside = [...around, value];
  if (Array.isArray(value)) return value.map((inner) => convert(inner, text, inside));
  if (value instanceof Map) return convert(Object.fromEntries(value), text, inside);
  if (value instanceof Set) return convert([...value], text, inside);
  if (value instanceof Error && !isVpError(value)) return errorJson(value, text, inside);
  const own = ownJson(value);
  if (own !== value) return convert(own, text, inside);
  const out: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined && typeof inner !== 'function') out[text(key)] = convert(inner, text, inside);
  }
  return out;
}

function ownJson(value: object): unknown {
  if (!('toJSON' in value) || typeof value.toJSON !== 'function') return value;
  try {
    return value.toJSON();
  } catch (error) {
    return `[toJSON failed: ${describeThrown(error)}]`;
  }
}

function errorJson(error: Error, text: (input: string) => string, inside: readonly object[]): Json {
  return {
    name: text(error.name),
    message: text(error.message),
    ...(error.stack === undefined ? {} : { stack: text(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: convert(error.cause, text, inside) }),
    ...(error instanceof AggregateError ? { errors: convert(error.errors, text, inside) } : {}),
  };
}
