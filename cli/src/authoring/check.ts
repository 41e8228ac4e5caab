import type { AssetSpec, CheckSeverity, CheckSpec, JsonObject, SourceLocation } from '@vp/contracts';
import type { HasRow } from './asset-type.ts';
import { callerLocation } from './origin.ts';
import { checkKeys, checkValue, isText, isTexts, toJsonObject } from './validate.ts';

/**
 * A rule on an asset's data, and `Columns`, the columns that it names: they must be columns of the
 * asset that it is given to. Each method gives a new check.
 */
export interface Check<Columns extends string = string> {
  readonly $$type: '@vp/check';
  readonly version: 'v1';
  /** Without `name` when the author gave none. */
  readonly spec: Omit<CheckSpec, 'name'> & { readonly name?: string };
  /** Every column that it names. */
  readonly uses: readonly Columns[];
  /** A failure is reported and does not keep the data from being published. */
  warn(): Check<Columns>;
  /** Only rows for which this SQL condition is true are looked at. */
  where(condition: string): Check<Columns>;
  /** The part of the rows, 0 to 1, that may fail. */
  tolerance(part: number): Check<Columns>;
  /** A name of its own instead of the rule and its columns. */
  named(name: string): Check<Columns>;
  describe(text: string): Check<Columns>;
}

/** Bounds, both included; one may be left out. */
export interface Range<V = number> {
  readonly min?: V;
  readonly max?: V;
}

/** A scalar that a check compares a column with. */
export type CheckValue = string | number | boolean | bigint;

function make<Columns extends string>(spec: Check['spec'], uses: readonly Columns[]): Check<Columns> {
  const call = `check.${spec.rule}()`;
  const change = (part: Partial<Check['spec']>): Check<Columns> => make({ ...spec, ...part }, uses);
  const text = (option: string, value: string): string => {
    checkValue({ call, option, value: value ?? null, expected: 'a text', fits: isText });
    return value;
  };
  return {
    $$type: '@vp/check',
    version: 'v1',
    spec,
    uses,
    warn: () => change({ severity: 'warn' }),
    where: (condition) => change({ where: text('where', condition) }),
    tolerance: (part) => {
      const fits = (v: unknown): boolean => typeof v === 'number' && v >= 0 && v <= 1;
      checkValue({ call, option: 'tolerance', value: part ?? null, expected: 'a number from 0 to 1', fits });
      return change({ tolerance: part });
    },
    named: (name) => change({ name: text('name', name) }),
    describe: (description) => change({ description: text('description', description) }),
  };
}

interface RuleUse<Columns extends string> {
  readonly rule: string;
  readonly columns: readonly Columns[];
  /** Columns that stand among the options. */
  readonly also?: readonly Columns[];
  readonly options?: object;
  readonly origin: SourceLocation | undefined;
  readonly severity?: CheckSeverity;
  readonly validator?: string;
}

function rule<Columns extends string>(use: RuleUse<Columns>): Check<Columns> {
  const call = `check.${use.rule}()`;
  checkValue({ call, option: 'columns', value: use.columns, expected: 'column names', fits: isTexts });
  const spec: Check['spec'] = {
    ...(use.validator === undefined ? {} : { validator: use.validator }),
    rule: use.rule,
    columns: [...use.columns],
    options: toJsonObject(call, use.options ?? {}),
    severity: use.severity ?? 'error',
    ...(use.origin === undefined ? {} : { origin: use.origin }),
  };
  return make(spec, [...use.columns, ...(use.also ?? [])]);
}

/** Bigints go as digits, which the engine casts to the column's type. */
const plain = (value: CheckValue): string | number | boolean =>
  typeof value === 'bigint' ? String(value) : value;

function bounds(
  call: string,
  range: Range<string | number | bigint>,
  more: readonly string[] = [],
): JsonObject {
  checkKeys(`check.${call}()`, range, ['min', 'max', ...more]);
  checkValue({
    call: `check.${call}()`,
    option: 'its range',
    value: range,
    expected: 'min, max or both',
    fits: () => range.min !== undefined || range.max !== undefined,
  });
  const { min, max } = range;
  return {
    ...(min === undefined ? {} : { min: plain(min) }),
    ...(max === undefined ? {} : { max: plain(max) }),
  };
}

/** The columns of a row type. */
type ColumnOf<Row> = keyof Row & string;

/**
 * The rules of `@vp/checks`, and `rule` for those of other validators. NULL passes every rule but
 * `notNull`, `nullFraction` and `fresh`.
 */
export const check = {
  /** No NULL in any of the columns. */
  notNull: <const C extends string>(...columns: readonly [C, ...C[]]): Check<C> =>
    rule({ rule: 'not_null', columns, origin: callerLocation() }),
  /** Each value, or each combination of values, at most once. */
  unique: <const C extends string>(...columns: readonly [C, ...C[]]): Check<C> =>
    rule({ rule: 'unique', columns, origin: callerLocation() }),
  /** No text that is empty or only white space. */
  notEmpty: <const C extends string>(column: C): Check<C> =>
    rule({ rule: 'not_empty', columns: [column], origin: callerLocation() }),
  /** More than 0. */
  positive: <const C extends string>(column: C): Check<C> =>
    rule({ rule: 'positive', columns: [column], origin: callerLocation() }),
  /** One of these values. */
  acceptedValues: <const C extends string>(column: C, values: readonly CheckValue[]): Check<C> =>
    rule({
      rule: 'accepted_values',
      columns: [column],
      options: { values: values.map(plain) },
      origin: callerLocation(),
    }),
  /** None of these values. */
  rejectedValues: <const C extends string>(column: C, values: readonly CheckValue[]): Check<C> =>
    rule({
      rule: 'rejected_values',
      columns: [column],
      options: { values: values.map(plain) },
      origin: callerLocation(),
    }),
  /** From `min` to `max`, both included unless `exclusive`. Dates and timestamps as ISO text. */
  between: <const C extends string>(
    column: C,
    range: Range<number | string | bigint> & { readonly exclusive?: boolean },
  ): Check<C> => {
    const options = { ...bounds('between', range, ['exclusive']), exclusive: range.exclusive };
    return rule({ rule: 'between', columns: [column], options, origin: callerLocation() });
  },
  /** Text of `min` to `max` characters. */
  lengthBetween: <const C extends string>(column: C, range: Range): Check<C> =>
    rule({
      rule: 'length_between',
      columns: [column],
      options: bounds('lengthBetween', range),
      origin: callerLocation(),
    }),
  /** The whole text matches the pattern. */
  matches: <const C extends string>(column: C, pattern: RegExp | string): Check<C> =>
    rule({
      rule: 'matches',
      columns: [column],
      options: { pattern: patternText(pattern) },
      origin: callerLocation(),
    }),
  /** The whole text does not match the pattern. */
  notMatches: <const C extends string>(column: C, pattern: RegExp | string): Check<C> =>
    rule({
      rule: 'not_matches',
      columns: [column],
      options: { pattern: patternText(pattern) },
      origin: callerLocation(),
    }),
  /** The SQL condition is true for each row; NULL counts as true. */
  expression: (sql: string): Check<never> =>
    rule({ rule: 'expression', columns: [], options: { sql }, origin: callerLocation() }),
  /** The comparison with another column of the same row holds. */
  compare: <const C extends string, const O extends string>(
    column: C,
    operator: '<' | '<=' | '=' | '<>' | '>=' | '>',
    other: O,
  ): Check<C | O> =>
    rule<C | O>({
      rule: 'compare',
      columns: [column],
      also: [other],
      options: { operator, other },
      origin: callerLocation(),
    }),
  /** Never falls (or rises, when `decreasing`) in the order of another column. */
  monotonic: <const C extends string, const B extends string>(
    column: C,
    options: { readonly by: B; readonly direction?: 'increasing' | 'decreasing' },
  ): Check<C | B> => {
    checkKeys('check.monotonic()', options, ['by', 'direction']);
    return rule<C | B>({
      rule: 'monotonic',
      columns: [column],
      also: [options.by],
      options,
      origin: callerLocation(),
    });
  },
  /** Each value stands in a column of another asset. */
  references: <const C extends string, Row>(
    column: C,
    target: { readonly asset: AssetSpec & HasRow<Row>; readonly column: NoInfer<ColumnOf<Row>> },
  ): Check<C> => {
    checkKeys('check.references()', target, ['asset', 'column']);
    const options = { asset: target.asset.name, column: target.column };
    return rule({ rule: 'references', columns: [column], options, origin: callerLocation() });
  },
  /** Number of rows. */
  rowCount: (range: Range): Check<never> =>
    rule({ rule: 'row_count', columns: [], options: bounds('rowCount', range), origin: callerLocation() }),
  /** Number of distinct values. */
  distinctCount: <const C extends string>(column: C, range: Range): Check<C> =>
    rule({
      rule: 'distinct_count',
      columns: [column],
      options: bounds('distinctCount', range),
      origin: callerLocation(),
    }),
  sumBetween: <const C extends string>(column: C, range: Range): Check<C> =>
    rule({
      rule: 'sum_between',
      columns: [column],
      options: bounds('sumBetween', range),
      origin: callerLocation(),
    }),
  meanBetween: <const C extends string>(column: C, range: Range): Check<C> =>
    rule({
      rule: 'mean_between',
      columns: [column],
      options: bounds('meanBetween', range),
      origin: callerLocation(),
    }),
  stddevBetween: <const C extends string>(column: C, range: Range): Check<C> =>
    rule({
      rule: 'stddev_between',
      columns: [column],
      options: bounds('stddevBetween', range),
      origin: callerLocation(),
    }),
  /** At most the part `max` (0 to 1) of the rows are NULL. */
  nullFraction: <const C extends string>(column: C, range: { readonly max: number }): Check<C> => {
    checkKeys('check.nullFraction()', range, ['max']);
    return rule({ rule: 'null_fraction', columns: [column], options: range, origin: callerLocation() });
  },
  /** The newest value is not older than `maxAge`: `90s`, `30m`, `36h`, `7d`, `2w`. */
  fresh: <const C extends string>(column: C, options: { readonly maxAge: string }): Check<C> => {
    checkKeys('check.fresh()', options, ['maxAge']);
    return rule({
      rule: 'fresh',
      columns: [column],
      options: { max_age: options.maxAge },
      origin: callerLocation(),
    });
  },
  /** No two rows are the same in every column. */
  noDuplicateRows: (): Check<never> =>
    rule({ rule: 'no_duplicate_rows', columns: [], origin: callerLocation() }),
  /** A rule of another validator, with its options as its README says. */
  rule: <const C extends string = never>(
    id: string,
    use: {
      readonly column?: C;
      readonly columns?: readonly C[];
      readonly options?: object;
      readonly validator?: string;
    } = {},
  ): Check<C> => {
    checkKeys(`check.rule("${id}")`, use, ['column', 'columns', 'options', 'validator']);
    const columns = [...(use.column === undefined ? [] : [use.column]), ...(use.columns ?? [])];
    const { options = {}, validator } = use;
    return rule({
      rule: id,
      columns,
      options,
      origin: callerLocation(),
      ...(validator === undefined ? {} : { validator }),
    });
  },
} as const;

const patternText = (pattern: RegExp | string): string =>
  typeof pattern === 'string' ? pattern : pattern.source;
