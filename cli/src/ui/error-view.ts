import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SourceLocation, VpErrorJson } from '@vp/contracts';
import type { Style } from './style.ts';
import { oneLine } from './table.ts';

/** An error for people: what, where with the lines around, why, what to do next. */
export function errorView(init: {
  readonly error: VpErrorJson;
  readonly style: Style;
  /** Folder that relative paths are meant from. */
  readonly base: string;
  /** The page that explains each code, where it is installed. */
  readonly docs?: string | undefined;
  /** For `--debug`. */
  readonly stack?: string | undefined;
}): string {
  const { error, style, base, docs, stack } = init;
  const origin = [error.plugin, error.phase].filter((part) => part !== undefined).join(', ');
  const parts = [
    `${style(['red', 'bold'], 'error')} ${style('bold', error.code)}${origin === '' ? '' : style('dim', ` (${origin})`)}\n${indent(error.message)}`,
    ...place(error.at, base, style),
    ...causes(error, style),
  ];
  if (error.hint !== undefined)
    parts.push(`${style(['green', 'bold'], 'next')}  ${indent(error.hint, '      ').trimStart()}`);
  const [, anchor] = error.docs.split('#');
  if (docs !== undefined)
    parts.push(style('dim', `docs  ${docs}${anchor === undefined ? '' : `#${anchor}`}`));
  if (stack !== undefined) parts.push(style('dim', stack));
  return parts.join('\n');
}

function indent(text: string, by = '  '): string {
  return text
    .split('\n')
    .map((line) => by + line)
    .join('\n');
}

/** A place in one line: `data/a.csv, row 3, byte 17`. */
export function placeText(at: SourceLocation): string {
  return [
    at.file === undefined
      ? undefined
      : [at.file, at.line, at.column].filter((part) => part !== undefined).join(':'),
    at.pointer === undefined || at.pointer === '' ? undefined : at.pointer,
    at.row === undefined ? undefined : `row ${at.row}`,
    at.byte === undefined ? undefined : `byte ${at.byte}`,
  ]
    .filter((fact) => fact !== undefined)
    .join(', ');
}

function place(at: SourceLocation | undefined, base: string, style: Style): string[] {
  const text = at === undefined ? '' : placeText(at);
  if (at === undefined || text === '') return [];
  const excerpt =
    at.file === undefined || at.line === undefined ? [] : lines(at.file, at.line, at.column, base, style);
  return [`${style('cyan', '  at')} ${text}`, ...excerpt];
}

/** The line, its neighbours, and a mark beneath the column. */
function lines(file: string, line: number, column: number | undefined, base: string, style: Style): string[] {
  let text: string;
  try {
    text = readFileSync(resolve(base, file), 'utf8');
  } catch {
    // The place alone says enough when the file cannot be read.
    return [];
  }
  const all = text.split(/\r?\n/);
  const shown: string[] = [];
  const gutter = String(Math.min(line + 1, all.length)).length;
  for (let number = Math.max(1, line - 1); number <= Math.min(line + 1, all.length); number++) {
    const content = (all[number - 1] ?? '').replaceAll('\t', ' ');
    const mark = number === line ? style('red', '>') : ' ';
    shown.push(
      `  ${mark} ${style('dim', `${String(number).padStart(gutter)} |`)} ${oneLine(content).slice(0, 160)}`,
    );
    if (number === line && column !== undefined && column <= 160) {
      shown.push(
        `    ${' '.repeat(gutter)} ${style('dim', '|')} ${' '.repeat(column - 1)}${style('red', '^')}`,
      );
    }
  }
  return shown;
}

const deepest = 5;

function causes(error: VpErrorJson, style: Style): string[] {
  const shown: string[] = [];
  let { cause } = error;
  // Wrapping often repeats the text of what it wraps.
  const seen = new Set([error.message]);
  while (cause !== undefined && shown.length < deepest) {
    const text = readable(cause.message, error.message);
    if (![...seen].some((other) => other.includes(text))) {
      const code = 'code' in cause ? `${cause.code}: ` : '';
      shown.push(`${style('yellow', '  because')} ${indent(code + text).trimStart()}`);
    }
    seen.add(text);
    cause = 'cause' in cause ? cause.cause : undefined;
  }
  return shown;
}

/** DuckDB puts what it has to say into JSON; nothing is left of what names only what `message` names. */
function readable(text: string, message: string): string {
  if (!text.startsWith('{')) return text;
  let said: unknown;
  try {
    said = Reflect.get(JSON.parse(text), 'exception_message');
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
  if (typeof said !== 'string') return text;
  const named = said.match(/"[^"]+"/g) ?? [];
  return named.length > 0 && named.every((name) => message.includes(name)) ? '' : said;
}
