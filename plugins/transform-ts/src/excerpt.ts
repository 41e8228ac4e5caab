import type { TableSchema } from '@vp/plugin-sdk';

const shownColumns = 12;
const shownLength = 40;

/** A row as one short line for people; columns that the schema tags `pii` are masked. */
export function excerpt(row: unknown, schema: TableSchema | undefined): string {
  if (typeof row !== 'object' || row === null) return '';
  const masked = new Set(schema?.fields.filter((f) => f.tags?.includes('pii')).map((f) => f.name));
  const entries = Object.entries(row);
  const shown = entries
    .slice(0, shownColumns)
    .map(([name, value]) => `${name}: ${masked.has(name) ? '[masked]' : show(value)}`);
  const more = entries.length - shown.length;
  return `{ ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''} }`;
}

function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(clip(value));
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.length} items]`;
  return '{…}';
}

const clip = (text: string) => (text.length > shownLength ? `${text.slice(0, shownLength)}…` : text);
