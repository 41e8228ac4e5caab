import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logicalType, scalarType } from '../../test/arbitrary-type.ts';
import { conversion, harmlessLosses } from './conversion.ts';
import { formatType, type LogicalType } from './logical-type.ts';

const outcome = (from: LogicalType, to: LogicalType) => conversion(from, to).outcome;
const timestamp = (unit: 's' | 'ms' | 'us' | 'ns', tz?: string): LogicalType => ({
  kind: 'timestamp',
  unit,
  ...(tz === undefined ? {} : { tz }),
});
const decimal = (precision: number, scale: number): LogicalType => ({ kind: 'decimal', precision, scale });

test('every type goes into itself exactly', () => {
  fc.assert(
    fc.property(logicalType, (type) => {
      expect(outcome(type, type)).toBe('exact');
    }),
  );
});

test('what is exact twice in a row is exact in one step; only numbers that JSON carries into text lose their type', () => {
  const types = fc.sample(scalarType, { numRuns: 1_000, seed: 1 });
  const different = [...new Map(types.map((type) => [formatType(type), type])).values()].slice(0, 120);
  let chains = 0;
  for (const a of different) {
    for (const b of different.filter((type) => outcome(a, type) === 'exact')) {
      for (const c of different.filter((type) => outcome(b, type) === 'exact')) {
        chains++;
        const direct = conversion(a, c);
        const throughJson = b.kind === 'json' && (c.kind === 'utf8' || c.kind === 'binary');
        if (direct.outcome === 'exact' || throughJson) continue;
        expect.fail(
          `${formatType(a)} -> ${formatType(b)} -> ${formatType(c)} is exact, directly ${direct.outcome}`,
        );
      }
    }
  }
  expect(chains).toBeGreaterThan(1_000);
});

test('every loss has a name that users can write, and a reason', () => {
  fc.assert(
    fc.property(logicalType, logicalType, (from, to) => {
      const found = conversion(from, to);
      if (found.outcome !== 'exact') expect(found.reason).toMatch(/\.$/);
      if (found.outcome !== 'lossy') return;
      expect(found.losses[0]).toBe(found.loss);
      expect(new Set(found.losses).size).toBe(found.losses.length);
      for (const loss of found.losses) expect(loss).toMatch(/^[a-z0-9]+(\.[a-z]+)?(->[a-z0-9]+)?$/);
    }),
    { numRuns: 5_000 },
  );
});

test('a list, a struct and a map lose what their parts lose', () => {
  fc.assert(
    fc.property(scalarType, scalarType, (a, b) => {
      const inner = conversion(a, b);
      const item = (type: LogicalType) => ({ type, nullable: false });
      const key: LogicalType = { kind: 'utf8' };
      expect(conversion({ kind: 'list', item: item(a) }, { kind: 'list', item: item(b) })).toEqual(inner);
      expect(conversion({ kind: 'map', key, value: item(a) }, { kind: 'map', key, value: item(b) })).toEqual(
        inner,
      );
      const struct = (type: LogicalType): LogicalType => ({
        kind: 'struct',
        fields: [{ name: 'm', type, nullable: false }],
      });
      expect(conversion(struct(a), struct(b))).toEqual(inner);
    }),
  );
});

describe('values that do not fit', () => {
  test.each([
    ['a negative decimal in an unsigned integer', decimal(2, 0), { kind: 'uint8' }, 'checked'],
    ['a decimal of fewer digits in a signed integer', decimal(2, 0), { kind: 'int8' }, 'exact'],
    ['a decimal of as many digits', decimal(3, 0), { kind: 'int8' }, 'checked'],
    ['any int64 in a decimal of 19 digits', { kind: 'int64' }, decimal(19, 0), 'exact'],
    ['an int64 in a decimal of 18 digits', { kind: 'int64' }, decimal(18, 0), 'checked'],
    ['an int32 in a float64', { kind: 'int32' }, { kind: 'float64' }, 'exact'],
    ['an int64 in a float64', { kind: 'int64' }, { kind: 'float64' }, 'lossy'],
    ['a signed integer in a wider unsigned one', { kind: 'int8' }, { kind: 'uint64' }, 'checked'],
    ['the last date there is, in microseconds', { kind: 'date' }, timestamp('us'), 'checked'],
    ['the last date there is, in milliseconds', { kind: 'date' }, timestamp('ms'), 'exact'],
    ['a date as an instant', { kind: 'date' }, timestamp('ms', 'UTC'), 'lossy'],
    ['nanoseconds in microseconds', timestamp('ns'), timestamp('us'), 'lossy'],
    ['a small whole decimal in a float64', decimal(15, 0), { kind: 'float64' }, 'exact'],
    ['a longer one', decimal(16, 0), { kind: 'float64' }, 'lossy'],
    ['a wall clock as an instant', timestamp('us'), timestamp('us', 'UTC'), 'lossy'],
    ['text as a number', { kind: 'utf8' }, { kind: 'int32' }, 'checked'],
    ['a truth value as a date', { kind: 'bool' }, { kind: 'date' }, 'never'],
    ['an instant shown in another zone', timestamp('us', 'Europe/Oslo'), timestamp('us', 'UTC'), 'lossy'],
    ['text as an interval, which has no text', { kind: 'utf8' }, { kind: 'interval' }, 'never'],
  ] as const)('%s', (_, from, to, expected) => {
    expect(outcome(from, to)).toBe(expected);
  });

  test('every loss of a struct is named, not only the first', () => {
    const struct = (a: LogicalType, b: LogicalType): LogicalType => ({
      kind: 'struct',
      fields: [
        { name: 'a', type: a, nullable: false },
        { name: 'b', type: b, nullable: false },
      ],
    });
    expect(
      conversion(struct(timestamp('ns'), decimal(9, 2)), struct(timestamp('ms'), decimal(9, 0))),
    ).toMatchObject({
      outcome: 'lossy',
      loss: 'timestamp.ns->ms',
      losses: ['timestamp.ns->ms', 'decimal.scale'],
    });
  });

  test('a timestamp that loses its zone and digits loses both by name', () => {
    expect(conversion(timestamp('ns', 'UTC'), timestamp('ms'))).toMatchObject({
      losses: ['timestamp.utc->local', 'timestamp.ns->ms'],
    });
  });

  test('text is never parsed into what has no text of its own', () => {
    const item = { type: { kind: 'int8' }, nullable: false } as const;
    const types: readonly LogicalType[] = [
      { kind: 'list', item },
      { kind: 'struct', fields: [{ name: 'a', ...item }] },
      { kind: 'map', key: { kind: 'utf8' }, value: item },
    ];
    for (const to of types) {
      expect(outcome({ kind: 'utf8' }, to)).toBe('never');
      expect(outcome({ kind: 'enum', values: ['[1]'] }, to)).toBe('never');
    }
  });

  test('only losses that change no value are harmless', () => {
    const zoned = conversion(timestamp('ns', 'Europe/Oslo'), timestamp('us', 'UTC'));
    expect(zoned).toMatchObject({ losses: ['timestamp.zone', 'timestamp.ns->us'] });
    expect(harmlessLosses).toEqual(['timestamp.zone']);
  });

  test('NULL has to be allowed in the target', () => {
    const list = (nullable: boolean): LogicalType => ({
      kind: 'list',
      item: { type: { kind: 'int8' }, nullable },
    });
    expect(outcome(list(false), list(true))).toBe('exact');
    expect(outcome(list(true), list(false))).toBe('checked');
  });
});
