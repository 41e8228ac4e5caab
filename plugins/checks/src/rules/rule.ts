import type { CheckSpec, Json, TableSchema, Value } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { identifier, literal } from '../sql.ts';

/** What a measured value means. */
export interface Verdict {
  readonly ok: boolean;
  /** What was expected, in words: `at least 1`. */
  readonly expected: string;
}

/** A check as SQL over the checked relation. */
export type CompiledCheck =
  /** `bad` is true for each row that breaks the rule; NULL counts as fine. */
  | { readonly kind: 'rows'; readonly bad: string; readonly expected: string }
  /** An aggregate over the rows that the check looks at, and what its value means. */
  | { readonly kind: 'value'; readonly aggregate: string; judge(value: Value): Verdict }
  /** Rows whose `key` stands in an earlier row too. */
  | {
      readonly kind: 'repeats';
      readonly key: readonly string[];
      /** Whether rows with NULL in the key are left out, as SQL's UNIQUE does. */
      readonly ignoreNull: boolean;
      readonly expected: string;
    };

/** What a rule is compiled from. Columns are quoted already. */
export interface RuleInput {
  readonly check: CheckSpec;
  readonly schema: TableSchema;
  /** The check's columns, quoted; at least one for rules on columns. */
  readonly columns: readonly string[];
  /** The first of `columns`. */
  readonly column: string;
  /** Relations of other assets, by name. */
  readonly related: Readonly<Record<string, string>>;
  /** `' FILTER (WHERE …)'` of the check's `where`, to stand behind each aggregate; `''` without one. */
  readonly filter: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** One rule: how its checks become SQL. Its options and description stand in the manifest. */
export type Rule = (input: RuleInput) => CompiledCheck;

/** An option as a SQL literal, `undefined` when it is not set. */
export function optionLiteral(input: RuleInput, option: string): string | undefined {
  const value = input.check.options[option];
  return value === undefined ? undefined : literal(value, { check: input.check.name, option });
}

/** A text option that must be there. */
export function textOption(input: RuleInput, option: string): string {
  const value = input.check.options[option];
  if (typeof value === 'string' && value !== '') return value;
  throw errors.VP_CHECKS_INVALID_OPTION({ check: input.check.name, option, problem: 'must be a text' });
}

/** A list option of scalars that must be there and not be empty. */
export function listOption(input: RuleInput, option: string): readonly Json[] {
  const value = input.check.options[option];
  if (Array.isArray(value) && value.length > 0) return value;
  throw errors.VP_CHECKS_INVALID_OPTION({
    check: input.check.name,
    option,
    problem: 'must be a list of values',
  });
}

/** A column that an option names, quoted. */
export function columnOption(input: RuleInput, option: string): string {
  const name = textOption(input, option);
  const known = input.schema.fields.map((f) => f.name);
  if (!known.includes(name)) {
    throw errors.VP_CHECKS_UNKNOWN_COLUMN({ check: input.check.name, column: name, known });
  }
  return identifier(name);
}

/** `min` and `max` of the options, of which one must be there. */
export function bounds(input: RuleInput): {
  readonly min?: Json;
  readonly max?: Json;
  readonly text: string;
} {
  const { min, max } = input.check.options;
  if (min === undefined && max === undefined) {
    throw errors.VP_CHECKS_INVALID_OPTION({
      check: input.check.name,
      option: 'min',
      problem: 'or max must be set',
    });
  }
  const text =
    min === undefined
      ? `at most ${String(max)}`
      : max === undefined
        ? `at least ${String(min)}`
        : `${String(min)} to ${String(max)}`;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), text };
}

/** A rule that compares an aggregate with `min` and `max`. An aggregate over no rows is not judged. */
export function aggregateBetween(aggregate: (input: RuleInput) => string): Rule {
  return (input) => {
    const { min, max, text } = bounds(input);
    return {
      kind: 'value',
      aggregate: aggregate(input),
      judge: (value) => {
        if (value === null) return { ok: true, expected: text };
        const n = Number(value);
        return {
          ok: (min === undefined || n >= Number(min)) && (max === undefined || n <= Number(max)),
          expected: text,
        };
      },
    };
  };
}
