import type { ColumnValues, LogicalType, RowBatch, TableSchema, Value } from '@vp/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBatch, encodeBatch } from '../batch.ts';
import { ByteWriter } from '../byte-writer.ts';
import { WireFault } from '../fault.ts';

function overTheWire(schema: TableSchema, batch: RowBatch): RowBatch {
  const writer = new ByteWriter();
  encodeBatch(writer, schema, { batch, from: 0, to: batch.length });
  return decodeBatch(arrived(writer), 0, schema);
}

/** As a frame arrives: in a buffer of its own. */
function arrived(writer: ByteWriter): Buffer {
  const payload = Buffer.allocUnsafeSlow(writer.length);
  writer.bytes().copy(payload);
  return payload;
}

const column = (type: LogicalType, values: ColumnValues): ColumnValues | undefined =>
  overTheWire({ fields: [{ name: 'c', type, nullable: true }] }, { length: values.length, columns: [values] })
    .columns[0];

const int = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('\ud800 alone'));

/** Every kind of type with values as the contracts describe them. */
const simple: readonly (readonly [LogicalType, fc.Arbitrary<Value>])[] = [
  [{ kind: 'bool' }, fc.boolean()],
  [{ kind: 'int8' }, int(8)],
  [{ kind: 'int16' }, int(16)],
  [{ kind: 'int32' }, int(32)],
  [{ kind: 'uint8' }, uint(8)],
  [{ kind: 'uint16' }, uint(16)],
  [{ kind: 'uint32' }, uint(32)],
  [{ kind: 'int64' }, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [{ kind: 'uint64' }, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  [{ kind: 'float32' }, fc.float()],
  [{ kind: 'float64' }, fc.double()],
  [{ kind: 'decimal', precision: 38, scale: 2 }, fc.bigInt().map((n) => `${n}.25`)],
  [{ kind: 'utf8' }, text],
  [{ kind: 'json' }, fc.json()],
  [{ kind: 'uuid' }, fc.uuid()],
  [{ kind: 'enum', values: ['open', 'paid', 'bézahlt'] }, fc.constantFrom('open', 'paid', 'bézahlt')],
  [{ kind: 'binary' }, fc.uint8Array()],
  [{ kind: 'date' }, int(32)],
  [{ kind: 'time', unit: 'ns' }, fc.bigInt({ min: 0n, max: 86_400_000_000_000n })],
  [{ kind: 'timestamp', unit: 'us', tz: 'UTC' }, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [
    { kind: 'interval' },
    fc.record({
      months: int(32),
      days: int(32),
      nanos: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
  ],
];

const nullable = (values: fc.Arbitrary<Value>) => fc.oneof(fc.constant(null), values);

/** Types with types inside, to some depth. */
const { type: anyType } = fc.letrec<{ type: readonly [LogicalType, fc.Arbitrary<Value>] }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...simple),
    tie('type').map(([type, values]): readonly [LogicalType, fc.Arbitrary<Value>] => [
      { kind: 'list', item: { type, nullable: true } },
      fc.array(nullable(values), { maxLength: 4 }),
    ]),
    fc
      .tuple(tie('type'), tie('type'))
      .map(([[a, as], [b, bs]]): readonly [LogicalType, fc.Arbitrary<Value>] => [
        {
          kind: 'struct',
          fields: [
            { name: 'a', type: a, nullable: true },
            { name: 'toString', type: b, nullable: true },
          ],
        },
        fc.record({ a: nullable(as), toString: nullable(bs) }) as fc.Arbitrary<Value>,
      ]),
    tie('type').map(([type, values]): readonly [LogicalType, fc.Arbitrary<Value>] => [
      { kind: 'map', key: { kind: 'utf8' }, value: { type, nullable: true } },
      fc.array(fc.tuple(text, nullable(values)), { maxLength: 4 }) as fc.Arbitrary<Value>,
    ]),
  ),
}));

describe('columns across the process boundary', () => {
  test('values of every type arrive as they left, NULLs too', () => {
    const typed = anyType.chain(([type, values]) =>
      fc.tuple(fc.constant(type), fc.oneof(fc.array(values), fc.array(nullable(values)))),
    );
    fc.assert(
      fc.property(typed, ([type, values]) => {
        expect(Array.from(column(type, values) ?? [])).toEqual(values);
      }),
      { numRuns: 1_500 },
    );
  });

  test('typed arrays stay typed arrays', () => {
    expect(column({ kind: 'int64' }, BigInt64Array.of(1n, -2n))).toEqual(BigInt64Array.of(1n, -2n));
    expect(column({ kind: 'float64' }, Float64Array.of(Number.NaN, -0))).toEqual(
      Float64Array.of(Number.NaN, -0),
    );
    expect(column({ kind: 'int32' }, [1, 2])).toBeInstanceOf(Int32Array);
  });

  test.each<[string, LogicalType, Value[]]>([
    ['a number where an int64 must be', { kind: 'int64' }, [1n, 2]],
    ['an int32 out of range', { kind: 'int32' }, [1, 2 ** 40]],
    ['half of an int8', { kind: 'int8' }, [0.5]],
    ['NaN where a date must be', { kind: 'date' }, [Number.NaN]],
    ['a bigint beyond 64 bits', { kind: 'int64' }, [2n ** 70n]],
    ['a float64 in a float32', { kind: 'float32' }, [0.1]],
    ['a text where a bool must be', { kind: 'bool' }, ['yes', true]],
    ['a word that the enum lacks', { kind: 'enum', values: ['a'] }, ['a', 'b']],
    ['a struct with a member too many', { kind: 'struct', fields: [] }, [{ a: 1 }]],
  ])('%s arrives as it is, for the host to refuse as in process', (_, type, values) => {
    expect(Array.from(column(type, values) ?? [])).toEqual(values);
  });

  test('large batches are cut, the state comes with the last rows', () => {
    const schema: TableSchema = { fields: [{ name: 'c', type: { kind: 'int32' }, nullable: false }] };
    const batch: RowBatch = { length: 5, columns: [[1, 2, 3, 4, 5]], state: { at: 5 } };
    const parts = [0, 2, 4].map((from) => {
      const writer = new ByteWriter();
      encodeBatch(writer, schema, { batch, from, to: Math.min(from + 2, 5) });
      return decodeBatch(arrived(writer), 0, schema);
    });
    expect(parts.flatMap((part) => Array.from(part.columns[0] ?? []))).toEqual([1, 2, 3, 4, 5]);
    expect(parts.map((part) => part.state)).toEqual([undefined, undefined, { at: 5 }]);
  });

  test('whatever bytes come instead, the answer is a fault and never a crash', () => {
    const schema: TableSchema = {
      fields: simple.map(([type], i) => ({ name: `c${i}`, type, nullable: true })),
    };
    const writer = new ByteWriter();
    const columns = simple.map(([, values]) => fc.sample(nullable(values), { numRuns: 3, seed: 7 }));
    encodeBatch(writer, schema, { batch: { length: 3, columns }, from: 0, to: 3 });
    const good = arrived(writer);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1 }), (changes) => {
        const bad = Buffer.allocUnsafeSlow(good.length);
        good.copy(bad);
        for (const [at, byte] of changes) bad[at] = byte;
        try {
          decodeBatch(bad, 0, schema);
        } catch (error) {
          expect(error).toBeInstanceOf(WireFault);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
