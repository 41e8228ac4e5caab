/** One line of CSV, RFC 4180; `undefined` is NULL: an empty field, while '' is quoted. */
export function csvLine(cells: readonly (string | undefined)[]): string {
  return cells.map((cell) => (cell === undefined ? '' : quoted(cell))).join(',');
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
