import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type CsvDialect, type DataFile, type SourceLocation, standardCsv } from '@vp/plugin-sdk';
import { toPath } from './file-scan.ts';

/** What is looked for: a line that DuckDB named, or the first record whose field holds a text (`null`: none). */
export type Wanted = { readonly line: number } | { readonly field: number; readonly text: string | null };

/**
 * Finds the place of a bad record, with its row and byte, by reading the file once more. Only after a
 * failure: DuckDB reads in parallel and does not know in which row a cast failed.
 */
export async function locateInCsv(
  file: DataFile,
  dialect: CsvDialect = standardCsv,
  wanted: Wanted,
): Promise<SourceLocation | undefined> {
  const text = 'text' in wanted && wanted.text !== null ? latin(wanted.text) : null;
  const headerRows = dialect.header ? 1 : 0;
  let record = 0;
  for await (const { line, byte, fields, lastLine } of recordsOf(file, dialect)) {
    record += 1;
    const row = record - headerRows;
    const isIt =
      'line' in wanted
        ? line <= wanted.line && wanted.line <= lastLine
        : row > 0 && (fields[wanted.field] ?? null) === text;
    if (isIt) return { file: toPath(file.uri), line, row: Math.max(0, row), byte };
  }
  return undefined;
}

interface CsvRecord {
  readonly line: number;
  readonly lastLine: number;
  readonly byte: number;
  /** Fields as bytes; `null` where the text that stands for NULL is not quoted. */
  readonly fields: readonly (string | null)[];
}

async function* recordsOf(file: DataFile, dialect: CsvDialect): AsyncGenerator<CsvRecord> {
  const { delimiter, quote, nullText } = dialect;
  let skip = dialect.skip ?? 0;
  let [line, byte, start, startLine] = [1, 0, 0, 1];
  let fields: (string | null)[] = [];
  let field = '';
  let [isQuoted, wasQuoted, isEscaped, hasText] = [false, false, false, false];
  const endField = () => {
    fields.push(!wasQuoted && field === nullText ? null : field);
    [field, wasQuoted] = ['', false];
  };
  for await (const bytes of open(file)) {
    for (const c of bytes.toString('latin1')) {
      byte += 1;
      if (skip > 0) {
        if (c === '\n') {
          skip -= 1;
          line += 1;
          [start, startLine] = [byte, line];
        }
        continue;
      }
      if (isEscaped) {
        isEscaped = false;
        if (c === quote) {
          field += c;
          continue;
        }
        isQuoted = false;
      }
      if (isQuoted) {
        if (c === '\n') line += 1;
        if (c === quote) isEscaped = true;
        else field += c;
        continue;
      }
      hasText ||= c !== '\n' && c !== '\r';
      if (c === quote && field === '') [isQuoted, wasQuoted] = [true, true];
      else if (c === delimiter) endField();
      else if (c === '\n') {
        endField();
        if (hasText) yield { line: startLine, lastLine: line, byte: start, fields };
        line += 1;
        [fields, start, startLine, hasText] = [[], byte, line, false];
      } else if (c !== '\r') field += c;
    }
  }
  endField();
  if (hasText) yield { line: startLine, lastLine: line, byte: start, fields };
}

/** The place of the first record of newline-delimited JSON whose member holds a value that DuckDB showed. */
export async function locateInNdjson(
  file: DataFile,
  member: string,
  text: string | null,
): Promise<SourceLocation | undefined> {
  let [line, byte] = [0, 0];
  for await (const raw of linesOf(file)) {
    line += 1;
    const value = memberOf(Buffer.from(raw, 'latin1').toString('utf8'), member);
    const shown = typeof value === 'string' ? value : JSON.stringify(value ?? null);
    if (text === null ? (value ?? null) === null : shown === text || JSON.stringify(value) === text) {
      return { file: toPath(file.uri), line, row: line, byte };
    }
    byte += raw.length + 1;
  }
  return undefined;
}

/** The first line that is no JSON. */
export async function locateMalformed(file: DataFile): Promise<SourceLocation | undefined> {
  let [line, byte] = [0, 0];
  for await (const raw of linesOf(file)) {
    line += 1;
    const text = Buffer.from(raw, 'latin1').toString('utf8');
    if (text.trim() !== '' && parse(text) === undefined)
      return { file: toPath(file.uri), line, row: line, byte };
    byte += raw.length + 1;
  }
  return undefined;
}

function memberOf(json: string, member: string): unknown {
  const value = parse(json);
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(member) : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function* linesOf(file: DataFile): AsyncGenerator<string> {
  let rest = '';
  for await (const bytes of open(file)) {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function open(file: DataFile): AsyncIterable<Buffer> {
  const bytes: Readable = createReadStream(toPath(file.uri));
  if (file.compression === 'gzip') return bytes.pipe(createGunzip());
  return file.compression === 'zstd' ? bytes.pipe(createZstdDecompress()) : bytes;
}

function latin(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
