import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conversion, formatType, type LogicalType } from '@vp/contracts';
import { manifestJsonSchema } from '@vp/contracts/manifest';
import type { GeneratedFile } from '../lib/generated.ts';
import { root } from '../lib/repo.ts';

/** The manifest's JSON Schema, and the tables of the contracts' README. */
export async function generate(): Promise<readonly GeneratedFile[]> {
  const readme = readFileSync(join(root, 'contracts/README.md'), 'utf8');
  const source = readFileSync(join(root, 'contracts/src/types/logical-type.ts'), 'utf8');
  const tables = { 'javascript-values': valueTable(source), conversions: conversionTable() };
  return [
    {
      file: 'contracts/schemas/manifest-v1.json',
      text: `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`,
    },
    { file: 'contracts/README.md', text: fill(readme, tables) },
  ];
}

/** Puts each text between its markers. */
function fill(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`contracts/README.md lacks ${begin} … ${end}`);
    return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`;
  }, page);
}

/** The table in the doc comment of `LogicalType`, which is where editors show it. */
function valueTable(source: string): string {
  const end = source.indexOf('export type LogicalType');
  const doc = source.slice(source.lastIndexOf('/**', end), end);
  const rows = doc.split('\n').filter((line) => line.startsWith(' * |'));
  if (rows.length < 3) throw new Error('the doc comment of LogicalType has no table any more');
  return rows.map((line) => line.slice(3)).join('\n');
}

const columns: readonly LogicalType[] = [
  { kind: 'bool' },
  { kind: 'int32' },
  { kind: 'int64' },
  { kind: 'uint64' },
  { kind: 'decimal', precision: 38, scale: 9 },
  { kind: 'decimal', precision: 12, scale: 2 },
  { kind: 'float64' },
  { kind: 'float32' },
  { kind: 'utf8' },
  { kind: 'binary' },
  { kind: 'date' },
  { kind: 'time', unit: 'us' },
  { kind: 'timestamp', unit: 'ms' },
  { kind: 'timestamp', unit: 'us' },
  { kind: 'timestamp', unit: 'ns' },
  { kind: 'timestamp', unit: 'us', tz: 'UTC' },
  { kind: 'uuid' },
  { kind: 'json' },
];

/** For pairs of often used types: nothing (exact), `check`, or the name of the loss. */
function conversionTable(): string {
  const name = (type: LogicalType) => formatType(type).replace('timestamp', 'ts');
  const cell = (from: LogicalType, to: LogicalType) => {
    const found = conversion(from, to);
    if (found.outcome === 'exact') return '=';
    if (found.outcome === 'checked') return 'check';
    return found.outcome === 'lossy' ? found.losses.map((loss) => `\`${loss}\``).join(' ') : '';
  };
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['from \\ to', ...columns.map(name)]),
    line(['---', ...columns.map(() => '---')]),
    ...columns.map((from) => line([`**${name(from)}**`, ...columns.map((to) => cell(from, to))])),
  ].join('\n');
}
