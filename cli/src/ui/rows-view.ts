import { formatType, type Json, type QueryResult } from '@vp/contracts';
import { plural } from './format.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { toJson, toText } from './values.ts';

/** The first rows of a result, as JSON and as text. */
export interface TakenRows {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly rows: readonly (readonly Json[])[];
  readonly texts: readonly (readonly (string | undefined)[])[];
  /** Whether there were more. */
  readonly truncated: boolean;
}

/** Reads at most `limit` rows and closes the result. */
export async function takeRows(result: QueryResult, limit: number): Promise<TakenRows> {
  const { fields } = result.schema;
  const rows: (readonly Json[])[] = [];
  const texts: (readonly (string | undefined)[])[] = [];
  let truncated = false;
  try {
    for await (const batch of result.batches) {
      for (let row = 0; row < batch.length; row++) {
        if (rows.length === limit) {
          truncated = true;
          break;
        }
        const values = batch.columns.map((column) => column[row] ?? null);
        rows.push(fields.map(({ type }, index) => toJson(values[index] ?? null, type)));
        texts.push(fields.map(({ type }, index) => toText(values[index] ?? null, type)));
      }
      if (truncated) break;
    }
  } finally {
    await result.close();
  }
  const columns = fields.map(({ name, type, nullable }) => ({ name, type: formatType(type), nullable }));
  return { columns, rows, texts, truncated };
}

/** Rows as objects by column name, for `--json`. */
export function rowObjects(taken: TakenRows): readonly Readonly<Record<string, Json>>[] {
  return taken.rows.map((row) =>
    Object.fromEntries(taken.columns.map(({ name }, index) => [name, row[index] ?? null])),
  );
}

const numbers = /^(u?int|float|decimal)/;

export function rowsView(taken: TakenRows, style: Style): string {
  const { columns, texts, truncated } = taken;
  const body = table({
    columns: columns.map(({ name, type }) => ({
      title: name,
      max: 48,
      align: numbers.test(type) ? ('right' as const) : ('left' as const),
    })),
    rows: texts.map((row) =>
      row.map((text) => (text === undefined ? { text: 'null', format: 'dim' as const } : text)),
    ),
    style,
  });
  const types = style('dim', columns.map(({ name, type }) => `${name} ${type}`).join(', '));
  return `${body}\n\n${plural(texts.length, 'row')}${truncated ? ', and there are more' : ''}  ${types}`;
}
