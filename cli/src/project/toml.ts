import type { ConfigFile } from '@vp/kernel';
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { errors } from './errors.ts';

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Keys from the root; numbers are places in arrays. */
type Path = readonly (string | number)[];

const keyOf = (path: Path): string => JSON.stringify(path.map(String));

/** Parses vp.toml and remembers where each key stands. `file` is its name for messages. */
export function parseToml(text: string, file: string): ConfigFile {
  const places = new Map<string, Position>();
  const values = table();
  for (const node of parse(text, file).body[0].body) {
    if (node.type === 'TOMLKeyValue') read(node, [], values, places);
    else {
      const inner = descend(values, node.resolvedKey);
      remember(places, node.resolvedKey, node.key.loc.start);
      for (const entry of node.body) read(entry, node.resolvedKey, inner, places);
    }
  }
  return {
    values,
    where: (path) => {
      const position = nearest(places, path);
      const text = position === undefined ? file : `${file}:${position.line}:${position.column}`;
      return { file, ...position, text };
    },
  };
}

function parse(text: string, file: string): AST.TOMLProgram {
  try {
    return parseTOML(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { line, column, reason } = fault(text, error);
    throw errors.VP_PROJECT_TOML(
      { place: `${file}:${line}:${column}`, reason },
      { at: { file, line, column } },
    );
  }
}

/** The parser notices an open `[header` only on the next line, and speaks of keys there. */
function fault(text: string, error: ParseError): Position & { readonly reason: string } {
  const before = text.split(/\r?\n/)[error.lineNumber - 2] ?? '';
  if (/^\s*\[[^\]#]*$/.test(before)) {
    return {
      line: error.lineNumber - 1,
      column: before.length + 1,
      reason: 'The table header is not closed by "]"',
    };
  }
  return { line: error.lineNumber, column: error.column + 1, reason: error.message.replace(/\.$/, '') };
}

type Table = Record<string, unknown>;

/** Without a prototype: a key called `__proto__` is a key. */
const table = (): Table => Object.create(null);

const isContainer = (value: unknown): value is Table => typeof value === 'object' && value !== null;

function descend(from: Table, path: Path): Table {
  let here = from;
  for (const [index, key] of path.entries()) {
    const next = here[key];
    if (isContainer(next)) here = next;
    else {
      const made: Table | unknown[] = typeof path[index + 1] === 'number' ? [] : table();
      here[key] = made;
      here = made as Table;
    }
  }
  return here;
}

function read(node: AST.TOMLKeyValue, base: Path, into: Table, places: Map<string, Position>): void {
  const keys = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  const path = [...base, ...keys];
  remember(places, path, node.key.loc.start);
  const last = keys.at(-1);
  if (last !== undefined) descend(into, keys.slice(0, -1))[last] = staticValue(node.value, path, places);
}

function staticValue(node: AST.TOMLContentNode, path: Path, places: Map<string, Position>): unknown {
  if (node.type === 'TOMLArray') {
    return node.elements.map((element, index) => {
      remember(places, [...path, index], element.loc.start);
      return staticValue(element, [...path, index], places);
    });
  }
  if (node.type === 'TOMLInlineTable') {
    const inner = table();
    for (const entry of node.body) read(entry, path, inner, places);
    return inner;
  }
  // Integers beyond 2^53 stay exact; the kernel decides what they are for.
  if (node.kind === 'integer') return Number.isSafeInteger(node.value) ? node.value : node.bigint;
  return node.value instanceof Date ? node.value.toISOString() : node.value;
}

function remember(places: Map<string, Position>, path: Path, start: Position): void {
  for (let length = path.length; length > 0; length--) {
    const key = keyOf(path.slice(0, length));
    if (!places.has(key)) places.set(key, { line: start.line, column: start.column + 1 });
  }
}

function nearest(places: ReadonlyMap<string, Position>, path: Path): Position | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = places.get(keyOf(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return undefined;
}
