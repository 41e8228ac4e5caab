import type { CsvDialect, TableSchema, Value } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import { ensure } from '../ensure.ts';
import { parseText } from './parse-text.ts';

interface Cell {
  readonly text: string;
  readonly quoted: boolean;
}

/** The rows of a CSV text in the stated dialect, read by the letter. */
export function decodeCsv(text: string, schema: TableSchema, dialect: CsvDialect): readonly Row[] {
  const lines = cells(skipLines(text, dialect.skip ?? 0), dialect);
  const header = dialect.header ? lines.shift()?.map((cell) => cell.text) : schema.fields.map((f) => f.name);
  ensure(header !== undefined, 'the CSV has no header, and its dialect says that it has one');
  return lines.map((line, r) => {
    ensure(
      line.length === header.length,
      `CSV row ${r + 1} has ${line.length} fields, the header ${header.length}`,
    );
    const row: Record<string, Value> = {};
    for (const field of schema.fields) {
      const cell = line[header.indexOf(field.name)];
      if (cell === undefined) continue;
      row[field.name] =
        !cell.quoted && cell.text === dialect.nullText ? null : parseText(field.type, cell.text);
    }
    return row;
  });
}

function skipLines(text: string, count: number): string {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (let i = 0; i < count; i++) at = text.indexOf('\n', at) + 1;
  return text.slice(at);
}

function cells(text: string, dialect: CsvDialect): Cell[][] {
  const lines: Cell[][] = [];
  let line: Cell[] = [];
  let cell = '';
  let quoted = false;
  let open = false;
  const endCell = () => {
    line.push({ text: cell, quoted });
    cell = '';
    quoted = false;
  };
  const endLine = () => {
    endCell();
    lines.push(line);
    line = [];
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (open) {
      if (c === dialect.escape && (text[i + 1] === dialect.quote || text[i + 1] === dialect.escape)) {
        cell += text[++i];
      } else if (c === dialect.quote) open = false;
      else cell += c;
    } else if (c === dialect.quote && cell === '') {
      open = true;
      quoted = true;
    } else if (c === dialect.delimiter) endCell();
    else if (c === '\n') endLine();
    else if (c !== '\r' || text[i + 1] !== '\n') cell += c;
  }
  ensure(!open, 'the CSV ends inside a quoted field');
  if (cell !== '' || quoted || line.length > 0) endLine();
  return lines;
}
