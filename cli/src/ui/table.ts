import type { Style } from './style.ts';
import { pad, truncate, width } from './width.ts';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The widest that the column gets; longer texts are cut. */
  readonly max?: number;
}

export interface Cell {
  readonly text: string;
  readonly format?: Parameters<Style>[0];
}

/** Columns of text beneath bold titles, as many spaces between as needed. Cells must be one line each. */
export function table(init: {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly (Cell | string)[])[];
  readonly style: Style;
  readonly indent?: number;
}): string {
  const { columns, rows, style, indent = 0 } = init;
  const cells = rows.map((row) =>
    columns.map(({ max = 80 }, index): Cell => {
      const given = row[index] ?? '';
      const cell = typeof given === 'string' ? { text: given } : given;
      return { ...cell, text: truncate(oneLine(cell.text), max) };
    }),
  );
  const widths = columns.map(({ title }, index) =>
    Math.max(width(title), ...cells.map((row) => width(row[index]?.text ?? ''))),
  );
  const line = (row: readonly Cell[]) =>
    row
      .map(({ text, format }, index) => {
        const last = index === columns.length - 1 && columns[index]?.align !== 'right';
        const padded = last ? text : pad(text, widths[index] ?? 0, columns[index]?.align);
        return format === undefined ? padded : style(format, padded);
      })
      .join('  ')
      .trimEnd();
  const head = columns.map(({ title }): Cell => ({ text: title, format: 'bold' }));
  return [head, ...cells].map((row) => ' '.repeat(indent) + line(row)).join('\n');
}

const controls: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Control characters as escapes: data must not move the cursor or colour the terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (char) => controls[char] ?? `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  );
}
