import type { JsonSchema } from '@vp/contracts';
import { typesAt } from '../json-schema/index.ts';
import type { ConfigPath } from './path.ts';
import { isRawText, isTable } from './values.ts';

/** `value` with every `RawText` replaced by what its place in the schema says it is. */
export function typed(value: unknown, root: JsonSchema, path: ConfigPath = []): unknown {
  if (isRawText(value)) return parseText(value.text, typesAt(root, path));
  if (Array.isArray(value)) return value.map((inner, index) => typed(inner, root, [...path, String(index)]));
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, typed(inner, root, [...path, key])]),
  );
}

/** What does not read as one of `types` stays text, so that validation says what was expected. */
function parseText(text: string, types: ReadonlySet<string>): unknown {
  const trimmed = text.trim();
  if (types.has('boolean') && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  const isNumber = /^[+-]?(\d[\d_]*)(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed);
  if ((types.has('number') || types.has('integer')) && isNumber) return Number(trimmed.replaceAll('_', ''));
  const looksLikeJson =
    (types.has('array') && trimmed.startsWith('[')) || (types.has('object') && trimmed.startsWith('{'));
  if (looksLikeJson) {
    const json = tryJson(trimmed);
    if (json !== undefined) return json;
  }
  if (types.has('array') && !types.has('string'))
    return trimmed === '' ? [] : trimmed.split(',').map((part) => part.trim());
  return text;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the text itself goes on to validation, whose error names the key and its place.
    return undefined;
  }
}
