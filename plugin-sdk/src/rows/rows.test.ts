import { type RowBatch, type RowsPayload, t, toTableSchema } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { abortable } from './abortable.ts';
import { batchesFromRows } from './batches-from-rows.ts';
import { collectRows } from './collect-rows.ts';
import { concatStreams } from './concat-streams.ts';
import { rowMaker } from './rows-from-batches.ts';
import { payloadFromRows, rowsPayload } from './rows-payload.ts';

const schema = toTableSchema({ id: t.int64(), name: t.text().nullable() });
const rows = [
  { id: 1n, name: 'a' },
  { id: 2n, name: null },
  { id: 3n, name: '' },
];

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* forever(closed?: () => unknown): AsyncGenerator<number> {
  try {
    yield 1;
    await new Promise(() => undefined);
  } finally {
    closed?.();
  }
}

test('rows survive the way into batches of any size and back', async () => {
  for (const batchSize of [1, 2, 3, 100])
    expect(await collectRows(payloadFromRows(rows, schema, { batchSize }))).toEqual(rows);
  const sizes = await collect(batchesFromRows(rows, schema, { batchSize: 2 }));
  expect(sizes.map((batch) => batch.length)).toEqual([2, 1]);
});

test('a missing property is NULL where that is allowed, and an error with its place elsewhere', async () => {
  expect(await collectRows(payloadFromRows([{ id: 1n }], schema))).toEqual([{ id: 1n, name: null }]);
  await expect(collectRows(payloadFromRows([{ id: 1n }, { name: 'x' }], schema))).rejects.toMatchObject({
    code: 'VP_SDK_ROW_VALUE',
    message: expect.stringContaining('Row 2, column id'),
  });
});

test('a value of another type and a property that is no column are errors that say what would do', async () => {
  await expect(collectRows(payloadFromRows([{ id: 1 }], schema))).rejects.toThrow(/int64 takes a bigint/);
  await expect(collectRows(payloadFromRows([{ id: 1n, nmae: 'x' }], schema))).rejects.toMatchObject({
    code: 'VP_SDK_ROW_UNKNOWN_COLUMN',
    message: expect.stringContaining('Did you mean "name"?'),
  });
  const unchecked = payloadFromRows([{ id: 1 }], schema, { validate: false });
  expect(await collectRows(unchecked)).toEqual([{ id: 1, name: null }]);
});

test('a column named __proto__ is a column', async () => {
  const odd = { fields: [{ name: '__proto__', type: { kind: 'int32' as const }, nullable: false }] };
  const batch: RowBatch = { length: 1, columns: [[7]] };
  expect(Object.entries(rowMaker(odd)(batch, 0))).toEqual([['__proto__', 7]]);
});

test('rows of another carrier are refused', async () => {
  const stream = { carrier: 'stream', format: 'csv', schema, stream: concatStreams<Uint8Array>([]) } as const;
  await expect(collectRows(stream)).rejects.toMatchObject({ code: 'VP_SDK_NOT_ROWS' });
});

test('estimates stand in the payload', () => {
  const payload: RowsPayload = rowsPayload(schema, batchesFromRows([], schema), { estimatedRows: 0 });
  expect(payload).toMatchObject({ carrier: 'rows', format: 'rows', estimatedRows: 0 });
});

test('streams are drained one after the other, and those after a stop are not begun', async () => {
  let begun = 0;
  const stream = async function* (n: number) {
    begun++;
    yield n;
    yield n;
  };
  expect(await collect(concatStreams([stream(1), stream(2)]))).toEqual([1, 1, 2, 2]);
  for await (const _ of concatStreams([stream(3), stream(4)])) break;
  expect(begun).toBe(3);
});

describe('abortable', () => {
  test('passes on what comes, and closes the stream below when the consumer stops', async () => {
    const closed: string[] = [];
    const { signal } = new AbortController();
    for await (const n of abortable(
      forever(() => closed.push('closed')),
      signal,
    )) {
      expect(n).toBe(1);
      break;
    }
    expect(closed).toEqual(['closed']);
  });

  test('ends with the reason while the stream below is silent', async () => {
    const controller = new AbortController();
    const all = collect(abortable(forever(), controller.signal));
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(all).rejects.toThrow('enough');
    await expect(collect(abortable(forever(), controller.signal))).rejects.toThrow('enough');
  });

  test('an abort between two pulls is seen at the next one', async () => {
    const controller = new AbortController();
    const items = abortable(forever(), controller.signal);
    await items.next();
    controller.abort(new Error('enough'));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(items.next()).rejects.toThrow('enough');
  });
});
