import type { Field, LogicalType, Value } from '@vp/plugin-sdk';
import { formatType } from '@vp/plugin-sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { context, meta, openEngine, rowsOf, rowsPayload, stageParts } from '../../test/support.ts';

type Arbitrary = fc.Arbitrary<Value>;
interface TypedValues {
  readonly type: LogicalType;
  readonly values: Arbitrary;
}

const of = (type: LogicalType, values: Arbitrary): TypedValues => ({ type, values });
const int = (kind: 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32', min: number, max: number) =>
  of({ kind }, fc.oneof(fc.constantFrom(min, max, 0), fc.integer({ min, max })));
const big = (type: LogicalType, min: bigint, max: bigint) =>
  of(type, fc.oneof(fc.constantFrom(min, max, 0n), fc.bigInt({ min, max })));
const I64 = 2n ** 63n;

const decimal = (precision: number, scale: number) =>
  of(
    { kind: 'decimal', precision, scale },
    fc.bigInt({ min: 1n - 10n ** BigInt(precision), max: 10n ** BigInt(precision) - 1n }).map((unscaled) => {
      const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
      const cut = digits.length - scale;
      return `${unscaled < 0n ? '-' : ''}${digits.slice(0, cut)}${scale === 0 ? '' : `.${digits.slice(cut)}`}`;
    }),
  );

const text = fc.oneof(
  fc.constantFrom(
    '',
    'NULL',
    'exactly 12 b',
    'thirteen byte',
    'a\0b',
    '\0',
    'ü',
    '🦆🦆🦆',
    '"\'\\\n\r\t',
    'ｆｕｌｌ',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
// DuckDB's own range of microseconds; the largest numbers stand for its infinities.
const micros = [-(2n ** 62n), 2n ** 62n] as const;
// From 1677-09-22, DuckDB's earliest day in nanoseconds.
const nanos = [-9_223_286_400_000_000_000n, I64 - 2n] as const;
const leaves: readonly TypedValues[] = [
  of({ kind: 'bool' }, fc.boolean()),
  int('int8', -128, 127),
  int('int16', -32_768, 32_767),
  int('int32', -(2 ** 31), 2 ** 31 - 1),
  int('uint8', 0, 255),
  int('uint16', 0, 65_535),
  int('uint32', 0, 2 ** 32 - 1),
  big({ kind: 'int64' }, -I64, I64 - 1n),
  big({ kind: 'uint64' }, 0n, 2n ** 64n - 1n),
  of(
    { kind: 'float64' },
    fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 5e-324)),
  ),
  of({ kind: 'float32' }, fc.oneof(fc.float(), fc.constantFrom(-0, Number.NaN, Infinity))),
  decimal(4, 2),
  decimal(9, 0),
  decimal(18, 18),
  decimal(38, 0),
  decimal(38, 37),
  of({ kind: 'utf8' }, text),
  of({ kind: 'binary' }, fc.uint8Array({ maxLength: 40 })),
  of({ kind: 'json' }, fc.constantFrom('{"b":  1.10, "a":[1e3]}', 'null', '"x"', '12345678901234567890.123')),
  of({ kind: 'uuid' }, fc.uuid()),
  // From 5877642 BC to 5881580 AD.
  of(
    { kind: 'date' },
    fc.oneof(
      fc.constantFrom(-719_529, 2_932_896, -2_147_483_646, 2_147_483_646),
      fc.integer({ min: -1e6, max: 1e7 }),
    ),
  ),
  big({ kind: 'time', unit: 's' }, 0n, 86_399n),
  big({ kind: 'time', unit: 'ms' }, 0n, 86_399_999n),
  big({ kind: 'time', unit: 'us' }, 0n, 86_400_000_000n - 1n),
  big({ kind: 'time', unit: 'ns' }, 0n, 86_400_000_000_000n - 1n),
  big({ kind: 'timestamp', unit: 's' }, micros[0] / 1_000_000n, micros[1] / 1_000_000n),
  big({ kind: 'timestamp', unit: 'ms' }, micros[0] / 1_000n, micros[1] / 1_000n),
  big({ kind: 'timestamp', unit: 'us' }, ...micros),
  big({ kind: 'timestamp', unit: 'ns' }, ...nanos),
  big({ kind: 'timestamp', unit: 's', tz: 'UTC' }, micros[0] / 1_000_000n, micros[1] / 1_000_000n),
  big({ kind: 'timestamp', unit: 'ms', tz: 'Europe/Berlin' }, micros[0] / 1_000n, micros[1] / 1_000n),
  big({ kind: 'timestamp', unit: 'us', tz: 'UTC' }, ...micros),
  big({ kind: 'timestamp', unit: 'ns', tz: 'UTC' }, ...nanos),
  of(
    { kind: 'interval' },
    fc.record({
      months: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      days: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      nanos: fc.bigInt({ min: -I64, max: I64 - 1n }).map((n) => n * 1000n),
    }),
  ),
  of({ kind: 'enum', values: ['open', 'paid', 'ü', ''] }, fc.constantFrom('open', 'paid', 'ü', '')),
  of(
    { kind: 'enum', values: Array.from({ length: 300 }, (_, i) => `v${i}`) },
    fc.integer({ min: 0, max: 299 }).map((i) => `v${i}`),
  ),
];

const orNull = (values: Arbitrary): Arbitrary => fc.option(values, { freq: 4 });

const typed: fc.Arbitrary<TypedValues> = fc.letrec<{ node: TypedValues }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...leaves),
    tie('node').map(({ type, values }) =>
      of({ kind: 'list', item: { type, nullable: true } }, fc.array(orNull(values), { maxLength: 4 })),
    ),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((members) => {
      const names = members.map((_, i) => (i === 0 ? 'a b"c' : `m${i}`));
      const values = fc.tuple(...members.map((m) => orNull(m.values)));
      return of(
        {
          kind: 'struct',
          fields: members.map((m, i) => ({ name: names[i] ?? '', type: m.type, nullable: true })),
        },
        values.map((v) => Object.fromEntries(names.map((name, i) => [name, v[i] ?? null]))),
      );
    }),
    tie('node').map(({ type, values }) => {
      const key = fc.uniqueArray(fc.string({ maxLength: 14 }), { maxLength: 3 });
      return of(
        { kind: 'map', key: { kind: 'utf8' }, value: { type, nullable: true } },
        key.chain((keys) => fc.tuple(...keys.map((k) => orNull(values).map((v): Value => [k, v])))),
      );
    }),
  ),
})).node;

test('every type: each extreme value comes back as it went in', async () => {
  const { engine } = openEngine();
  for (const leaf of leaves) {
    const rows = fc.sample(orNull(leaf.values), { numRuns: 30, seed: 7 }).map((v) => [v]);
    expect(await roundTrip(engine, [leaf.type], rows), formatType(leaf.type)).toEqual(rows);
  }
});

test('any table: rows -> snapshot -> rows is the identity', { timeout: 60_000 }, async () => {
  const { engine } = openEngine({ preserve_insertion_order: true });
  const table = fc.array(typed, { minLength: 1, maxLength: 3 }).chain((columns) =>
    fc.record({
      types: fc.constant(columns.map((c) => c.type)),
      rows: fc.array(fc.tuple(...columns.map((c) => orNull(c.values))), { maxLength: 12 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(table, async ({ types, rows }) => {
      expect(await roundTrip(engine, types, rows)).toEqual(rows);
    }),
    { numRuns: 120 },
  );
});

async function roundTrip(
  engine: ReturnType<typeof openEngine>['engine'],
  types: readonly LogicalType[],
  rows: readonly (readonly Value[])[],
) {
  const schema = { fields: types.map((type, i): Field => ({ name: `c${i}`, type, nullable: true })) };
  const staged = await stageParts(engine, [rowsPayload(schema, rows)]);
  expect(staged.schema).toEqual(schema);
  const snapshot = await staged.commit(meta());
  const read = await engine.read({ asset: 'a', snapshot: snapshot.id, format: 'rows' }, context());
  if (read.payload.carrier !== 'rows') throw new Error('rows expected');
  const back = await rowsOf(read.payload);
  await read.close();
  return back;
}
