import { errors } from '../errors.ts';
import { identifier, literal } from '../sql.ts';
import {
  bounds,
  columnOption,
  listOption,
  optionLiteral,
  type Rule,
  type RuleInput,
  textOption,
} from './rule.ts';

const rows = (bad: string, expected: string) => ({ kind: 'rows', bad, expected }) as const;

const valueList = (input: RuleInput): string =>
  listOption(input, 'values')
    .map((value) => literal(value, { check: input.check.name, option: 'values' }))
    .join(', ');

const range = (input: RuleInput, expression: string): string => {
  bounds(input);
  const min = optionLiteral(input, 'min');
  const max = optionLiteral(input, 'max');
  const strict = input.check.options.exclusive === true;
  return [
    ...(min === undefined ? [] : [`${expression} ${strict ? '<=' : '<'} ${min}`]),
    ...(max === undefined ? [] : [`${expression} ${strict ? '>=' : '>'} ${max}`]),
  ].join(' OR ');
};

const operators = ['<', '<=', '=', '<>', '>=', '>'] as const;

/** Rules that look at one row at a time. */
export const rowRules = {
  not_null: ({ columns }) => rows(columns.map((c) => `${c} IS NULL`).join(' OR '), 'no NULL'),

  not_empty: ({ column }) => rows(`trim(CAST(${column} AS VARCHAR)) = ''`, 'no empty text'),

  positive: ({ column }) => rows(`${column} <= 0`, 'more than 0'),

  accepted_values: (input) => {
    const list = valueList(input);
    return rows(`${input.column} NOT IN (${list})`, `one of ${list}`);
  },

  rejected_values: (input) => {
    const list = valueList(input);
    return rows(`${input.column} IN (${list})`, `none of ${list}`);
  },

  between: (input) => rows(range(input, input.column), bounds(input).text),

  length_between: (input) =>
    rows(range(input, `length(CAST(${input.column} AS VARCHAR))`), `${bounds(input).text} characters`),

  matches: (input) => {
    const pattern = literal(textOption(input, 'pattern'), { check: input.check.name, option: 'pattern' });
    return rows(`NOT regexp_full_match(CAST(${input.column} AS VARCHAR), ${pattern})`, `matches ${pattern}`);
  },

  not_matches: (input) => {
    const pattern = literal(textOption(input, 'pattern'), { check: input.check.name, option: 'pattern' });
    return rows(
      `regexp_full_match(CAST(${input.column} AS VARCHAR), ${pattern})`,
      `does not match ${pattern}`,
    );
  },

  expression: (input) => {
    const sql = textOption(input, 'sql');
    return rows(`NOT (${sql})`, sql);
  },

  compare: (input) => {
    const operator = operators.find((o) => o === input.check.options.operator);
    if (operator === undefined) {
      throw errors.VP_CHECKS_INVALID_OPTION({
        check: input.check.name,
        option: 'operator',
        problem: `must be one of ${operators.join(' ')}`,
      });
    }
    const other = columnOption(input, 'other');
    return rows(`NOT (${input.column} ${operator} ${other})`, `${input.column} ${operator} ${other}`);
  },

  monotonic: (input) => {
    const by = columnOption(input, 'by');
    const falling = input.check.options.direction === 'decreasing';
    const before = `lag(${input.column}) OVER (ORDER BY ${by})`;
    return rows(
      `${input.column} ${falling ? '>' : '<'} ${before}`,
      `never ${falling ? 'growing' : 'falling'} along ${by}`,
    );
  },

  references: (input) => {
    const asset = textOption(input, 'asset');
    const relation = input.related[asset];
    if (relation === undefined) {
      throw errors.VP_CHECKS_INVALID_OPTION({
        check: input.check.name,
        option: 'asset',
        problem: `names ${asset}, which has no data yet`,
      });
    }
    const target = identifier(textOption(input, 'column'));
    return rows(
      `${input.column} IS NOT NULL AND ${input.column} NOT IN (SELECT ${target} FROM ${relation} WHERE ${target} IS NOT NULL)`,
      `found in ${asset}.${target}`,
    );
  },
} satisfies Record<string, Rule>;
