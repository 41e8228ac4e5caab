import { didYouMean, hasBrand, type Json, type JsonObject } from '@vp/contracts';
import { errors } from './errors.ts';

/** A value as messages name it: `undefined`, `the text "x"`, `an object`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a Date';
  if (typeof value === 'object') {
    return '$$type' in value ? `an object of type ${String(value.$$type)}` : 'an object';
  }
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses options that the call does not know, so that JavaScript users get what TypeScript users get. */
export function checkKeys(call: string, options: unknown, known: readonly string[]): void {
  if (!isRecord(options)) {
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option: 'the options',
      expected: 'an object',
      got: describeValue(options),
    });
  }
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    throw errors.VP_AUTHORING_OPTION_UNKNOWN({ call, option, suggestion: didYouMean(option, known) });
  }
}

/** Refuses a value that `fits` does not accept; `undefined` stands for an option that is left out. */
export function checkValue(init: {
  readonly call: string;
  readonly option: string;
  readonly value: unknown;
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}): void {
  if (init.value === undefined || init.fits(init.value)) return;
  throw errors.VP_AUTHORING_OPTION_INVALID({
    call: init.call,
    option: init.option,
    expected: init.expected,
    got: describeValue(init.value),
  });
}

export const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
export const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
export const isBranded = (type: string) => (value: unknown) => hasBrand(value, type);

const namePattern = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/;

export function checkName(call: string, name: unknown): void {
  if (typeof name === 'string' && namePattern.test(name)) return;
  throw errors.VP_AUTHORING_NAME_INVALID({
    call,
    name: typeof name === 'string' ? JSON.stringify(name) : describeValue(name),
  });
}

/** Options as JSON. Left-out (`undefined`) members go; what JSON would lose is refused by its path. */
export function toJsonObject(call: string, value: object): JsonObject {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, toJson(call, key, member)]));
}

function toJson(call: string, path: string, value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => toJson(call, `${path}[${index}]`, item));
  if (isRecord(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(entries.map(([key, member]) => [key, toJson(call, `${path}.${key}`, member)]));
  }
  throw errors.VP_AUTHORING_OPTION_INVALID({
    call,
    option: path,
    expected: 'plain JSON (text, finite number, boolean, null, array, object)',
    got: describeValue(value),
  });
}
