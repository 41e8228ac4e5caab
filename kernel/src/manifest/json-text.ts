import { describeThrown, type SourceLocation } from '@vp/contracts';
import { jsonPointer } from '../json-schema/index.ts';
import { errors } from './errors.ts';

/** The value of a JSON text. @throws VpError with line and column */
export function parseJson(text: string, file: string): unknown {
  const result = tryJson(text);
  if (result.ok) return result.value;
  const { line, column, reason } = result;
  throw errors.VP_MANIFEST_NOT_JSON({ file, line, column, reason }, { at: { file, line, column } });
}

/** A JSON text's value, or what is wrong with it and where. */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly reason: string };

export function tryJson(text: string): JsonResult {
  try {
    return { ok: true, value: JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) };
  } catch (error) {
    const said = describeThrown(error);
    const found = /at position (\d+)/.exec(said);
    const place = lineAndColumn(text, found === null ? badOffset(text) : Number(found[1]));
    const what = said.replace(/ in JSON at position.*$/, '').replace(/ \(line \d+ column \d+\)$/, '');
    return { ok: false, ...place, reason: `${what}.` };
  }
}

/**
 * V8 gives no position for an unexpected token: it is the end of the shortest start of the text
 * that is refused for that reason. A start that is merely unfinished is refused for another.
 */
function badOffset(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (hasBadToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return bad - 1;
}

function hasBadToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return describeThrown(error).startsWith('Unexpected token');
  }
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}

/** Finds places in a valid JSON text: of the value of a path or, when it is missing, of what surrounds it. */
export function createLocator(text: string, file: string): (path: readonly PropertyKey[]) => SourceLocation {
  let places: Map<string, number> | undefined;
  return (path) => {
    if (places === undefined) {
      places = new Map();
      indexPlaces(text, places);
    }
    for (let length = path.length; length >= 0; length--) {
      const offset = places.get(jsonPointer(path.slice(0, length)));
      if (offset !== undefined) return { file, ...lineAndColumn(text, offset), pointer: jsonPointer(path) };
    }
    return { file, pointer: jsonPointer(path) };
  };
}

/** Deeper than anything that has a name; the pointers of a text that only nests would fill the memory. */
const deepest = 64;

/** Offsets of members (at their key) and items, by pointer. The text is known to be valid. */
function indexPlaces(text: string, places: Map<string, number>): void {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;
  const stack: { path: readonly PropertyKey[]; index: number | undefined; key: string | undefined }[] = [];
  const here = (): readonly PropertyKey[] => {
    const top = stack.at(-1);
    if (top === undefined) return [];
    return [...top.path, top.index ?? top.key ?? ''];
  };
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [word] = match;
    const top = stack.at(-1);
    if (word === '}' || word === ']') {
      stack.pop();
    } else if (word === ',') {
      if (top?.index !== undefined) top.index++;
      else if (top !== undefined) top.key = undefined;
    } else if (top !== undefined && top.index === undefined && top.key === undefined) {
      top.key = String(JSON.parse(word));
      if (stack.length <= deepest) places.set(jsonPointer(here()), match.index);
    } else if (word !== ':') {
      const path = stack.length <= deepest ? here() : [];
      if (!places.has(jsonPointer(path))) places.set(jsonPointer(path), match.index);
      if (word === '{' || word === '[')
        stack.push({ path, index: word === '[' ? 0 : undefined, key: undefined });
    }
  }
}
