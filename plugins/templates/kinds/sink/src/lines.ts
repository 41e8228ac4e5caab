import {
  abortable,
  type CallContext,
  type Payload,
  type Row,
  rowsFromBatches,
  type TableSchema,
  type Value,
} from '@vp/plugin-sdk';

const linesAtATime = 1000;

/** Rows as lines of JSON, some at a time. What JSON cannot hold without loss is text. */
export async function* linesOf(
  payload: Payload,
  { signal, count }: { readonly signal: CallContext['signal']; count(rows: number): void },
): AsyncGenerator<string> {
  if (payload.carrier !== 'rows') throw new TypeError(`rows were negotiated, ${payload.format} came`);
  let lines: string[] = [];
  for await (const row of rowsFromBatches(abortable(payload.batches, signal), payload.schema)) {
    lines.push(`${JSON.stringify(row, lossless)}\n`);
    if (lines.length < linesAtATime) continue;
    count(lines.length);
    yield lines.join('');
    lines = [];
  }
  count(lines.length);
  yield lines.join('');
}

function lossless(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** The rows of a file that {@link linesOf} wrote. */
export function rowsOf(text: string, { fields }: TableSchema): readonly Row[] {
  const isBig = (kind: string) => /^(u?int64|timestamp|time)$/.test(kind);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const found: Readonly<Record<string, Value>> = JSON.parse(line);
      return Object.fromEntries(
        fields.map(({ name, type }) => {
          const value = found[name] ?? null;
          if (typeof value !== 'string') return [name, value];
          return [name, isBig(type.kind) ? BigInt(value) : type.kind === 'float64' ? Number(value) : value];
        }),
      );
    });
}
