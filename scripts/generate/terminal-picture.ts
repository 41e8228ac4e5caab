import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from '../lib/generated.ts';
import { root } from '../lib/repo.ts';

/** Text that is drawn in one way. */
interface Run {
  readonly column: number;
  readonly text: string;
  readonly style: string;
}

const columnWidth = 7.8;
const lineHeight = 18;
const margin = 18;

// The picture brings its background along, so it reads the same on a light and on a dark page.
const css = [
  'text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d5dbe3; white-space: pre; }',
  '.s1 { font-weight: 700; fill: #ffffff; } .s2 { fill: #8b95a3; }',
  '.s31 { fill: #ff7b72; } .s32 { fill: #56d364; } .s33 { fill: #e3b341; } .s36 { fill: #56c8d8; }',
].join('\n');

/**
 * `docs/images/quickstart.svg`, from what a terminal got: `quickstart.ansi` beside it is the output
 * of `script -qec "stty cols 132; npm run quickstart"`, without npm's own lines and what `script` adds.
 */
export async function generate(): Promise<readonly GeneratedFile[]> {
  const recorded = readFileSync(join(root, 'docs/images/quickstart.ansi'), 'utf8');
  return [{ file: 'docs/images/quickstart.svg', text: picture(screen(recorded)) }];
}

/** What stands on the screen in the end, progress that was overwritten left out. */
function screen(recorded: string): readonly (readonly Run[])[] {
  const lines: Run[][] = [[]];
  let row = 0;
  let column = 0;
  let style = '';
  for (const [token, code = '', last = ''] of recorded.matchAll(
    /\p{Cc}\[([0-9;?]*)([A-Za-z])|\r|\n|\P{Cc}+/gu,
  )) {
    if (token === '\r' || last === 'G') column = 0;
    else if (token === '\n') [row, column] = [row + 1, 0];
    else if (last === 'A') row -= Number(code);
    else if (last === 'K') lines[row] = [];
    else if (last === 'm') style = ['0', '22', '39', ''].includes(code) ? '' : `s${code}`;
    else if (last === '') {
      lines[row] = [...(lines[row] ?? []), { column, text: token, style }];
      column += [...token].length;
    }
  }
  return Array.from(lines, (line) => line ?? []);
}

function picture(lines: readonly (readonly Run[])[]): string {
  const used = lines.slice(0, lines.findLastIndex((line) => line.length > 0) + 1);
  const columns = Math.max(...used.flat().map(({ column, text }) => column + [...text].length));
  const width = Math.ceil(columns * columnWidth) + 2 * margin;
  const height = used.length * lineHeight + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A terminal after npm run quickstart">`,
    `<style>${css}</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#11161d" stroke="#3b4450"/>`,
    ...used.flatMap((line, row) => line.flatMap((run) => drawn(run, row))),
    '</svg>',
    '',
  ].join('\n');
}

/** Words stand at their columns whatever the font is, so that tables stay tables. */
function drawn({ column, text, style }: Run, row: number): readonly string[] {
  const y = margin + row * lineHeight + 13;
  return Array.from(text.matchAll(/\S+(?: \S+)*/g), ({ 0: words, index }) => {
    const x = (margin + (column + [...text.slice(0, index)].length) * columnWidth).toFixed(1);
    const length = ([...words].length * columnWidth).toFixed(1);
    const shown = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const name = style === '' ? '' : ` class="${style}"`;
    return `<text${name} x="${x}" y="${y}" textLength="${length}">${shown}</text>`;
  });
}
