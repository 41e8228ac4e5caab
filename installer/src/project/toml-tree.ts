import { describeThrown } from '@vp/contracts';
import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { errors } from '../errors.ts';

export type TomlPath = readonly (string | number)[];

/** One `key = value` of a file, wherever it stands, with its full path. */
export interface Assignment {
  readonly path: TomlPath;
  readonly node: AST.TOMLKeyValue;
  /** The inline table that it stands in. */
  readonly inline: AST.TOMLInlineTable | undefined;
}

/** A file as its parts stand in its text. */
export interface TomlTree {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly assignments: readonly Assignment[];
  /** `[header]` tables, in the order of the file. */
  readonly tables: readonly AST.TOMLTable[];
  readonly comments: readonly { readonly text: string; readonly start: number; readonly end: number }[];
  /** `\n`, or `\r\n`. */
  readonly newline: string;
}

/** @throws VpError `VP_INSTALL_TOML` with line and column */
export function readToml(text: string, file: string): TomlTree {
  const program = parse(text, file);
  const assignments: Assignment[] = [];
  const tables: AST.TOMLTable[] = [];
  const read = (node: AST.TOMLKeyValue, base: TomlPath, inline?: AST.TOMLInlineTable): void => {
    const keys = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
    const path = [...base, ...keys];
    assignments.push({ path, node, inline });
    if (node.value.type !== 'TOMLInlineTable') return;
    for (const inner of node.value.body) read(inner, path, node.value);
  };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') read(node, []);
    else {
      tables.push(node);
      for (const inner of node.body) read(inner, node.resolvedKey);
    }
  }
  return {
    text,
    values: getStaticTOMLValue(program) as Record<string, unknown>,
    assignments,
    tables,
    comments: program.comments.map(({ value, range: [start, end] }) => ({ text: value, start, end })),
    newline: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function parse(text: string, file: string): AST.TOMLProgram {
  try {
    // A mark of the byte order counts as a space, so that places stay what they are in the file.
    return parseTOML(text.replace(/^\uFEFF/, ' '));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const at = { file, line: error.lineNumber, column: error.column + 1 };
    const place = `${file}:${at.line}:${at.column}`;
    throw errors.VP_INSTALL_TOML({ place, reason: describeThrown(error) }, { at, cause: error });
  }
}

/** A value as it is written in TOML, on one line. */
export function tomlValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('\u007F', '\\u007F');
  if (Array.isArray(value)) return `[${value.map((each) => tomlValue(each)).join(', ')}]`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  if (fields.length === 0) return '{}';
  return `{ ${fields.map(([key, each]) => `${tomlKey(key)} = ${tomlValue(each)}`).join(', ')} }`;
}

export const tomlKey = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : tomlValue(key));

/** Where the line ends on which `offset` lies: after its newline. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
