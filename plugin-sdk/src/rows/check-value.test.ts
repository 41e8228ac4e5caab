import { formatType, type LogicalType, t } from '@vp/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkValue, valueChecker } from './check-value.ts';

const decimal = t.decimal(5, 2).type;
const list = t.list(t.int8()).type;
const struct = t.struct({ a: t.int8(), b: t.text().nullable() }).type;
const map = t.map(t.text(), t.int8().nullable()).type;

const cases: readonly (readonly [LogicalType, readonly unknown[], readonly unknown[]])[] = [
  [t.bool().type, [true, false], [1, 'true', null, undefined]],
  [t.int8().type, [-128, 127], [128, -129, 1.5, 1n, '1', Number.NaN]],
  [t.uint32().type, [0, 4_294_967_295], [-1, 4_294_967_296]],
  [t.int64().type, [-(2n ** 63n), 2n ** 63n - 1n], [1, 2n ** 63n, '1']],
  [t.uint64().type, [0n, 2n ** 64n - 1n], [-1n, 2n ** 64n]],
  [t.float64().type, [1.5, Number.NaN, Number.POSITIVE_INFINITY, -0], [1n, '1']],
  [t.float32().type, [0.5, Number.NaN, -0], [0.1, 1e300]],
  [decimal, ['0', '-123.45', '000123.4', '.5'], [1, '1234', '1.234', '1e2', '', '-', '.', '+1', '1.', 'NaN']],
  [t.text().type, ['', 'é💥'], [1, '\ud800']],
  [t.binary().type, [new Uint8Array(2), Buffer.from('x')], [[1], 'x', new Uint16Array(1)]],
  [t.date().type, [0, -719_162], [1.5, new Date(), '2020-01-01']],
  [t.time({ unit: 's' }).type, [0n, 86_400n], [-1n, 86_401n, 5]],
  [t.timestamp().type, [0n, -1n], [0, new Date()]],
  [
    t.interval().type,
    [{ months: 1, days: -2, nanos: 3n }],
    [{ months: 1, days: 2 }, { months: 1, days: 2, nanos: 3 }, 5],
  ],
  [t.uuid().type, ['0190b4de-0000-7000-8000-00000000000a'], ['0190B4DE-0000-7000-8000-00000000000A', 'x']],
  [t.json().type, ['{"a": 1}', 'null'], ['{a: 1}', {}, '']],
  [t.enum('a', 'b').type, ['a'], ['c', 1]],
  [list, [[], [1, 2]], [[1, null], [300], 'x', null]],
  [struct, [{ a: 1, b: null }], [{ a: 1 }, { a: 1, b: 'x', c: 1 }, [1], null]],
  [
    map,
    [
      [],
      [
        ['k', 1],
        ['l', null],
      ],
    ],
    [[['k']], [[null, 1]], { k: 1 }, [['k', 'x']]],
  ],
];

test.each(cases.map(([type, good, bad]) => [formatType(type), type, good, bad] as const))(
  '%s takes its values and no others',
  (_, type, good, bad) => {
    for (const value of good) expect(checkValue(type, value)).toBeUndefined();
    for (const value of bad) expect(checkValue(type, value)).toBeTypeOf('string');
  },
);

test('NULL is for nullability to judge', () => {
  expect(checkValue({ kind: 'int8' }, null)).toBe('null came, int8 takes an integer number from -128 to 127');
  expect(valueChecker({ kind: 'int8' }, { nullable: true })(null)).toBeUndefined();
});

test('whatever comes, the answer is a sentence and never an exception', () => {
  const types = cases.map(([type]) => type);
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.anything({ withNullPrototype: true, withBigInt: true }),
      (type, value) => {
        const problem = checkValue(type, value);
        expect(problem === undefined || problem.length > 0).toBe(true);
      },
    ),
  );
});
