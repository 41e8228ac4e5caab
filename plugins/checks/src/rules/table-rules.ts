import { errors } from '../errors.ts';
import { aggregateBetween, type Rule, textOption } from './rule.ts';

const msOfUnit: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `90s`, `30m`, `36h`, `7d`, `2w`, or `undefined`. */
function parseAge(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)$/.exec(text.trim());
  const unit = match?.[2] === undefined ? undefined : msOfUnit[match[2]];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** Rules that look at the table as a whole. */
export const tableRules = {
  unique: ({ check }) => ({
    kind: 'repeats',
    key: check.columns,
    ignoreNull: true,
    expected: 'each value once',
  }),

  no_duplicate_rows: ({ schema }) => ({
    kind: 'repeats',
    key: schema.fields.map((f) => f.name),
    ignoreNull: false,
    expected: 'each row once',
  }),

  row_count: aggregateBetween(({ filter }) => `count(*)${filter}`),

  distinct_count: aggregateBetween(({ column, filter }) => `count(DISTINCT ${column})${filter}`),

  sum_between: aggregateBetween(({ column, filter }) => `sum(${column})${filter}`),

  mean_between: aggregateBetween(({ column, filter }) => `avg(${column})${filter}`),

  stddev_between: aggregateBetween(({ column, filter }) => `stddev_samp(${column})${filter}`),

  null_fraction: (input) => {
    const max = Number(input.check.options.max ?? 0);
    return {
      kind: 'value',
      aggregate: `1 - count(${input.column})${input.filter} / CAST(nullif(count(*)${input.filter}, 0) AS DOUBLE)`,
      judge: (value) => ({
        ok: value === null || Number(value) <= max,
        expected: `at most ${max * 100} % NULL`,
      }),
    };
  },

  fresh: (input) => {
    const text = textOption(input, 'max_age');
    const maxAge = parseAge(text);
    if (maxAge === undefined) {
      throw errors.VP_CHECKS_INVALID_OPTION({
        check: input.check.name,
        option: 'max_age',
        problem: `is "${text}"; write a number and s, m, h, d or w, e.g. "36h"`,
      });
    }
    return {
      kind: 'value',
      aggregate: `epoch_ms(max(CAST(${input.column} AS TIMESTAMP))${input.filter})`,
      judge: (value) => ({
        ok: value !== null && input.now - Number(value) <= maxAge,
        expected: `newer than ${text}`,
      }),
    };
  },
} satisfies Record<string, Rule>;
