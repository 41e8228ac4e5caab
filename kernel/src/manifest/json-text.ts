import { describeThrown, type SourceLocation, type VpError } from '@vp/contracts';
import { errors } from './errors.ts';

/** The value of a JSON text. @throws VpError with line and column */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    throw notJson(text, file, describeThrown(error));
  }
}

function notJson(text: string, file: string, reason: string): VpError {
  const found = /at position (\d+)/.exec(reason);
  const { line, column } = lineAndColumn(text, found === null ? text.length : Number(found[1]));
  const what = reason.replace(/ in JSON at position.*$/, '').replace(/ \(line \d+ column \d+\)$/, '');
  return errors.VP_MANIFEST_NOT_JSON(
    { file, line, column, reason: `${what}.` },
    { at: { file, line, column } },
  );
}

function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}

/** A JSON pointer (RFC 6901). */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Where the value of `path` (or, when it is missing, what surrounds it) stands in a valid JSON text. */
export function locate(text: string, file: string, path: readonly PropertyKey[]): SourceLocation {
  const places = new Map<string, number>();
  indexPlaces(text, places);
  for (let length = path.length; length >= 0; length--) {
    const offset = places.get(jsonPointer(path.slice(0, length)));
    if (offset !== undefined) return { file, ...lineAndColumn(text, offset), pointer: jsonPointer(path) };
  }
  return { file, pointer: jsonPointer(path) };
}

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
      places.set(jsonPointer(here()), match.index);
    } else if (word !== ':') {
      const path = here();
      if (!places.has(jsonPointer(path))) places.set(jsonPointer(path), match.index);
      if (word === '{' || word === '[')
        stack.push({ path, index: word === '[' ? 0 : undefined, key: undefined });
    }
  }
}
