import type { RuleInfo } from '@vp/plugin-sdk';

/** The rules, as they also stand in the manifest: typos in a pipeline are found without loading this. */
export const rules: readonly RuleInfo[] = [
  {
    id: '{{snake}}_not_blank',
    description: 'No text is empty or nothing but spaces',
    columns: 'one',
    options: {},
  },
  {
    id: '{{snake}}_max_length',
    description: 'No text is longer than max',
    columns: 'one',
    options: {
      type: 'object',
      additionalProperties: false,
      required: ['max'],
      properties: { max: { type: 'integer', minimum: 1 } },
    },
  },
];

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * SQL that is true for a row that breaks the rule; NULL breaks neither. Options come from a pipeline:
 * only what was checked goes into the text.
 */
export function brokenSql(rule: string, column: string, options: Readonly<Record<string, unknown>>): string {
  if (rule === '{{snake}}_not_blank') return `trim(${quoted(column)}) = ''`;
  const { max } = options;
  if (typeof max !== 'number' || !Number.isSafeInteger(max) || max < 1)
    throw new RangeError(`max is ${JSON.stringify(max)}, and must be a whole number above 0`);
  return `length(${quoted(column)}) > ${max}`;
}
