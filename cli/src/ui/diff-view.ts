import type { Json } from '@vp/contracts';
import type { DataDifference, SchemaChange } from '../shell/diff.ts';
import { count, plural } from './format.ts';
import type { Style } from './style.ts';
import { oneLine, table } from './table.ts';

export function diffView(difference: DataDifference, style: Style): string {
  const { schema, rows, added, removed, changed, key } = difference;
  const parts: string[] = [];
  if (schema.length > 0)
    parts.push(
      [style('bold', 'columns'), ...schema.map((change) => `  ${schemaLine(change, style)}`)].join('\n'),
    );
  const facts = [
    style('green', `+${count(added.count)} added`),
    style('red', `-${count(removed.count)} removed`),
    ...(changed === undefined ? [] : [style('yellow', `~${count(changed.count)} changed`)]),
  ];
  const by = key.length === 0 ? 'whole rows; --key names columns to match by' : `by ${key.join(', ')}`;
  parts.push(
    `${style('bold', 'rows')}  ${count(rows.before)} -> ${count(rows.after)}  ${facts.join('  ')}  ${style('dim', `(${by})`)}`,
  );
  const samples = [
    ['added', added] as const,
    ['removed', removed] as const,
    ...(changed === undefined ? [] : [['changed', changed] as const]),
  ];
  for (const [title, { count: number, sample }] of samples) {
    if (number === 0) continue;
    const shown = title === 'changed' ? sample.map(onlyChanged) : sample;
    parts.push(
      `${style('bold', title)} ${style('dim', `${sample.length} of ${plural(number, 'row')}`)}\n${rowsTable(shown, style)}`,
    );
  }
  if (schema.length === 0 && added.count + removed.count + (changed?.count ?? 0) === 0)
    parts.push('Nothing differs.');
  return parts.join('\n\n');
}

function schemaLine({ column, change, before, after }: SchemaChange, style: Style): string {
  if (change === 'added') return style('green', `+ ${column} ${after}`);
  if (change === 'removed') return style('red', `- ${column} ${before}`);
  return style('yellow', `~ ${column} ${before} -> ${after}`);
}

/** Key columns as they are; of the others those that differ, as `before -> after`. */
function onlyChanged(row: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const shown: Record<string, Json> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name.endsWith(' before')) {
      const column = name.slice(0, -' before'.length);
      const after = row[`${column} after`];
      if (JSON.stringify(value) !== JSON.stringify(after)) shown[column] = `${text(value)} -> ${text(after)}`;
    } else if (!(name.endsWith(' after') && `${name.slice(0, -' after'.length)} before` in row)) {
      shown[name] = value;
    }
  }
  return shown;
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

function rowsTable(rows: readonly Readonly<Record<string, Json>>[], style: Style): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table({
    columns: names.map((title) => ({ title, max: 40 })),
    rows: rows.map((row) => names.map((name) => (name in row ? oneLine(text(row[name])) : ''))),
    style,
    indent: 2,
  });
}
