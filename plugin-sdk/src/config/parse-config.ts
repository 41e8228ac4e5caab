import { errors } from '../errors.ts';
import type { StandardIssue, StandardSchema } from './standard-schema.ts';

/** `value` as the schema's output, or `VP_SDK_CONFIG_INVALID` with every problem by its path. */
export async function parseConfig<Config>(schema: StandardSchema<Config>, value: unknown): Promise<Config> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  throw errors.VP_SDK_CONFIG_INVALID({ problems: result.issues.map(describeIssue) });
}

function describeIssue(issue: StandardIssue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  return path.length === 0 ? issue.message : `${path.join('.')}: ${issue.message}`;
}
