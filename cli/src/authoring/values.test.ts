import { isVpError, type TimeUnit } from '@vp/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseCode, normaliseSql } from './code-version.ts';
import { dates, parseDuration, time } from './time.ts';

const units: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];
const code = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return isVpError(error) ? error.code : String(error);
  }
};

describe('time', () => {
  test('ISO text keeps every digit of every unit', () => {
    // ±100,000 years.
    const seconds = fc.bigInt({ min: -3_155_695_200_000n, max: 3_155_695_200_000n });
    const fraction = fc.bigInt({ min: 0n, max: 999_999_999n });
    const scale = { s: 1_000_000_000n, ms: 1_000_000n, us: 1_000n, ns: 1n };
    fc.assert(
      fc.property(seconds, fraction, fc.constantFrom(...units), (whole, part, unit) => {
        const value = (whole * 1_000_000_000n + part) / scale[unit];
        expect(time.fromISO(time.toISO(value, unit), unit)).toBe(value);
      }),
    );
  });

  test('dates keep milliseconds, and finer digits are refused', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.constantFrom('ms', 'us', 'ns'), (date, unit) => {
        expect(time.toDate(time.fromDate(date, unit), unit)).toEqual(date);
      }),
    );
    expect(code(() => time.toDate(1n, 'us'))).toBe('VP_AUTHORING_VALUE_INVALID');
    expect(code(() => time.fromDate(new Date(1), 's'))).toBe('VP_AUTHORING_VALUE_INVALID');
  });

  test.each([
    ['2001-03-05T14:00:00.000001Z', 983800800000001n],
    ['2001-03-05 14:00', 983800800000000n],
    ['2001-03-05T14:00:00+02:00', 983793600000000n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['2001-03-05', 983750400000000n],
  ])('%s', (text, value) => expect(time.fromISO(text)).toBe(value));

  test.each([
    '2001-02-29T00:00:00Z',
    '2001-13-01',
    '24:00',
    '',
    '2001-03-05T14:00:00.0000001Z',
    '2001-03-05T25:00',
  ])('%j is refused', (text) => expect(code(() => time.fromISO(text))).toBe('VP_AUTHORING_VALUE_INVALID'));
});

describe('dates', () => {
  test('days go to text and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        expect(dates.fromISO(dates.toISO(days))).toBe(days);
        expect(dates.fromDate(dates.toDate(days))).toBe(days);
      }),
    );
    expect(dates.toISO(0)).toBe('1970-01-01');
    expect(dates.fromISO('2000-02-29')).toBe(11016);
  });
  test.each(['2001-02-29', '2001-2-1', 'x'])('%j is refused', (text) =>
    expect(code(() => dates.fromISO(text))).toBe('VP_AUTHORING_VALUE_INVALID'),
  );
});

test('durations', () => {
  expect(parseDuration('x', '1.5h')).toBe(5_400_000);
  for (const bad of ['1', '', '-1s', 0, Number.NaN, null])
    expect(code(() => parseDuration('x', bad))).toBe('VP_AUTHORING_OPTION_INVALID');
});

describe('what stands for code', () => {
  test.each([
    ['(row) => ({ a: 1 }) // why', '(row) => ({ a: 1 })'],
    ['(row    ) =>\n  /* x */ row', '(row ) => row'],
    ["f('a  // b')", "f('a  // b')"],
    ['x = `a  $'.concat('{ /* c */ y  +  `b  ` }  // t`'), 'x = `a  $'.concat('{ y + `b  ` }  // t`')],
    ["/['\"]  \\/[/]/.test(x)  / 2 / 3 // '", '/[\'"]  \\/[/]/.test(x) / 2 / 3'],
    ['a / b // c / d', 'a / b'],
  ])('code %s', (source, normal) => expect(normaliseCode(source)).toBe(normal));

  test('code that cannot be followed stays as it is', () => {
    expect(normaliseCode("a  'open\n  b")).toBe("a  'open\n  b");
  });

  test.each([
    ['select  \'a  -- b\' -- c\n, "x  y"', 'select \'a  -- b\' , "x  y"'],
    ['select $$ a  -- b $$  /* c */ ', 'select $$ a  -- b $$'],
    ["select e'it\\'s  x'  ,1", "select e'it\\'s  x' ,1"],
  ])('sql %s', (source, normal) => expect(normaliseSql(source)).toBe(normal));
});
