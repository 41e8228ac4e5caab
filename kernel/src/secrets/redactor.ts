import type { Json } from '@vp/contracts';
import { toPlainJson } from './plain-json.ts';

/** Removes the values of secrets from what leaves the process. */
export interface Redactor {
  /** Knows `value` from now on; `false` when it is too short to be told from ordinary text. */
  add(value: string): boolean;
  text(text: string): string;
  /** Any value as JSON without secrets: errors, dates, bigints and cycles included. */
  json(value: unknown): Json;
  /** As `json`, for values that are JSON already: their shape stays. */
  sameShape<T>(value: T): T;
}

const minimumLength = 4;
const replacement = '[redacted]';

export function createRedactor(): Redactor {
  const needles = new Set<string>();
  let pattern: RegExp | undefined;

  const text = (input: string): string => {
    if (needles.size === 0) return input;
    // Longest first: a secret that is the start of another must not leave the other's end behind.
    pattern ??= new RegExp(
      [...needles]
        .sort((a, b) => b.length - a.length)
        .map((needle) => RegExp.escape(needle))
        .join('|'),
      'g',
    );
    return input.replace(pattern, replacement);
  };

  return {
    add(value) {
      if (value.length < minimumLength) return false;
      for (const form of formsOf(value)) needles.add(form);
      pattern = undefined;
      return true;
    },
    text,
    json: (value) => toPlainJson(value, text),
    // Redaction changes texts, never the shape.
    sameShape: <T>(value: T) => toPlainJson(value, text) as T,
  };
}

/** How a value may look where it turns up: in URLs, JSON, Basic authorization, line by line. */
function formsOf(value: string): string[] {
  const url = new URL('http://user@host');
  url.password = value;
  const encoded = [uriComponent(value), new URLSearchParams([['', value]]).toString().slice(1), url.password];
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16);
  return [
    value,
    value.trim(),
    ...encoded,
    ...encoded.map((each) => each.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
    ...base64Forms(value),
    ...lines,
  ].filter((form) => form.length >= minimumLength);
}

function uriComponent(value: string): string {
  // A lone surrogate has no encoding.
  return value.isWellFormed() ? encodeURIComponent(value) : value;
}

/**
 * What is left of `value` in the base64 of any text around it: for each of the three alignments
 * the characters that depend on nothing but the value.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const inner = [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor((padded.length * 8) / 6);
    const form = padded.toString('base64').slice(start, end);
    // Short remains would hit ordinary words.
    return form.length >= 8 ? [form] : [];
  });
  const all = [bytes.toString('base64'), ...inner];
  return [...all, ...all.map((form) => form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))];
}
