import fc from 'fast-check';
import type { Field, LogicalType, SimpleKind, TimeUnit } from '../src/index.ts';

const kinds: readonly SimpleKind[] = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'utf8',
  'binary',
  'date',
  'interval',
  'uuid',
  'json',
];
const unit = fc.constantFrom<TimeUnit>('s', 'ms', 'us', 'ns');
const name = fc.constantFrom('a', 'b', 'c', 'a b', "it's", 'x: int8, y');

/** Scalar types. */
export const scalarType: fc.Arbitrary<LogicalType> = fc.oneof(
  fc.constantFrom(...kinds).map((kind) => ({ kind })),
  fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
    .map(
      ([precision, scale]) => ({ kind: 'decimal', precision, scale: Math.min(precision, scale) }) as const,
    ),
  unit.map((u) => ({ kind: 'time', unit: u }) as const),
  unit.map((u) => ({ kind: 'timestamp', unit: u }) as const),
  fc
    .tuple(unit, fc.constantFrom('UTC', 'Europe/Oslo'))
    .map(([u, tz]) => ({ kind: 'timestamp', unit: u, tz }) as const),
  fc
    .uniqueArray(fc.constantFrom('open', 'paid', "o'hara", "a', 'b"), { minLength: 1 })
    .map((values) => ({ kind: 'enum', values }) as const),
);

/** Any type, nested ones too. */
export const logicalType: fc.Arbitrary<LogicalType> = fc.letrec<{ type: LogicalType; field: Field }>(
  (tie) => ({
    type: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      scalarType,
      fc
        .record({ type: tie('type'), nullable: fc.boolean() })
        .map((item) => ({ kind: 'list', item }) as const),
      fc
        .uniqueArray(tie('field'), { minLength: 1, maxLength: 3, selector: (f) => f.name })
        .map((fields) => ({ kind: 'struct', fields }) as const),
      fc
        .tuple(scalarType, tie('type'), fc.boolean())
        .map(([key, type, nullable]) => ({ kind: 'map', key, value: { type, nullable } }) as const),
    ),
    field: fc.record({ name, type: tie('type'), nullable: fc.boolean() }),
  }),
).type;
