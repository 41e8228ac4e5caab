import { once } from 'node:events';
import type { Json, QueryResult } from '@vp/contracts';
import { csvLine } from './csv.ts';
import { toJson, toText } from './values.ts';

/** Writes a result as it comes, so that memory does not grow with it. Gives the number of rows. */
export async function writeRows(
  result: QueryResult,
  options: {
    readonly format: 'csv' | 'json';
    readonly limit: number;
    readonly redact: (text: string) => string;
    readonly out: NodeJS.WritableStream;
  },
): Promise<number> {
  const { format, limit, redact, out } = options;
  const { fields } = result.schema;
  const names = fields.map((field) => field.name);
  const write = async (text: string) => {
    if (!out.write(redact(text))) await once(out, 'drain');
  };
  let rows = 0;
  try {
    await write(format === 'csv' ? `${csvLine(names)}\n` : '[');
    for await (const batch of result.batches) {
      const lines: string[] = [];
      for (let row = 0; row < batch.length && rows < limit; row++, rows++) {
        const value = (column: number) => batch.columns[column]?.[row] ?? null;
        if (format === 'csv') {
          lines.push(`${csvLine(fields.map(({ type }, column) => toText(value(column), type)))}\n`);
        } else {
          const cells = fields.map(({ name, type }, column): [string, Json] => [
            name,
            toJson(value(column), type),
          ]);
          lines.push(`${rows === 0 ? '\n' : ',\n'}${JSON.stringify(Object.fromEntries(cells))}`);
        }
      }
      await write(lines.join(''));
      if (rows >= limit) break;
    }
    if (format === 'json') await write('\n]\n');
  } finally {
    await result.close();
  }
  return rows;
}
