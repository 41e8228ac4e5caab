import type { Json, LogicalType, Value } from '@vp/contracts';
import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';
import { toJson, toText } from './values.ts';

const simple = (
  kind: 'int64' | 'date' | 'json' | 'binary' | 'float64' | 'interval' | 'bool',
): LogicalType => ({ kind });

test.each<readonly [Value, LogicalType, Json]>([
  [null, simple('int64'), null],
  [7n, simple('int64'), 7],
  [9_007_199_254_740_993n, simple('int64'), '9007199254740993'],
  [-1, simple('date'), '1969-12-31'],
  [Number.NaN, simple('float64'), 'NaN'],
  [false, simple('bool'), false],
  ['{"a":1}', simple('json'), { a: 1 }],
  ['{broken', simple('json'), '{broken'],
  [new Uint8Array([1, 2]), simple('binary'), 'AQI='],
  [{ months: 14, days: 3, nanos: 1_500_000_000n }, simple('interval'), 'P14M3DT1.5S'],
  [{ months: 0, days: 0, nanos: 0n }, simple('interval'), 'PT0S'],
  [-1n, { kind: 'timestamp', unit: 'us' }, '1969-12-31T23:59:59.999999'],
  [1_000_000_000_123n, { kind: 'timestamp', unit: 'ns', tz: 'UTC' }, '1970-01-01T00:16:40.000000123Z'],
  [86_399_000_001n, { kind: 'time', unit: 'us' }, '23:59:59.000001'],
  ['12.340', { kind: 'decimal', precision: 5, scale: 3 }, '12.340'],
  [[1n, null], { kind: 'list', item: { type: simple('int64'), nullable: true } }, [1, null]],
  [{ a: 1n }, { kind: 'struct', fields: [{ name: 'a', type: simple('int64'), nullable: false }] }, { a: 1 }],
  [
    [['k', 2n]],
    { kind: 'map', key: { kind: 'utf8' }, value: { type: simple('int64'), nullable: true } },
    [['k', 2]],
  ],
])('value %# loses nothing', (value, type, json) => {
  expect(toJson(value, type)).toEqual(json);
});

test('CSV tells NULL from the empty text', () => {
  expect(csvLine([toText(null, { kind: 'utf8' }), toText('', { kind: 'utf8' }), 'a,"b"\n'])).toBe(
    ',"","a,""b""\n"',
  );
});
