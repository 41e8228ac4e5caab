import type { CheckResult, CheckSpec, JsonObject, TableSchema } from '@vp/contracts';
import { errors } from './errors.ts';

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function problemOf(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null)
    return `${JSON.stringify(result) ?? 'undefined'} is no object`;
  const { status, rows, failures, message } = result as Partial<Record<keyof CheckResult, unknown>>;
  if (status !== 'passed' && status !== 'failed' && status !== 'error')
    return `status is ${JSON.stringify(status)}`;
  if (!isCount(rows)) return '`rows` is no count';
  if (!isCount(failures)) return '`failures` is no count';
  if (typeof message !== 'string') return '`message` is no text';
  return undefined;
}

/**
 * What a validator gave, if it is what the contract says: one result for each check, in order. Name
 * and severity are the check's own, whatever the validator says.
 */
export function acceptResults(request: {
  readonly asset: string;
  readonly validator: string;
  readonly checks: readonly CheckSpec[];
  readonly results: unknown;
  readonly masked: ReadonlySet<string>;
  /** Failing rows to keep. */
  readonly sampleSize: number;
}): readonly CheckResult[] {
  const { asset, validator, checks, results, masked, sampleSize } = request;
  if (!Array.isArray(results)) {
    throw errors.VP_VALIDATOR_INVALID_RESULT({ validator, problem: 'it is no list' });
  }
  if (results.length === 0) throw errors.VP_CHECKS_RAN_NOTHING({ asset, validator, checks: checks.length });
  if (results.length !== checks.length) {
    const problem = `${results.length} results for ${checks.length} checks`;
    throw errors.VP_VALIDATOR_INVALID_RESULT({ validator, problem });
  }
  return checks.map((check, index) => {
    const result: unknown = results[index];
    const problem = problemOf(result);
    if (problem !== undefined) {
      throw errors.VP_VALIDATOR_INVALID_RESULT({ validator, problem: `check "${check.name}": ${problem}` });
    }
    const accepted = result as CheckResult;
    return {
      ...accepted,
      check: check.name,
      rule: check.rule,
      columns: check.columns,
      severity: check.severity,
      ...(Array.isArray(accepted.sample)
        ? { sample: accepted.sample.slice(0, sampleSize).map((row) => mask(row, masked)) }
        : {}),
    };
  });
}

function mask(row: JsonObject, masked: ReadonlySet<string>): JsonObject {
  if (masked.size === 0) return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      masked.has(name) && value !== null ? '[masked]' : value,
    ]),
  );
}

/** Columns that samples must not show. */
export function maskedColumns(...schemas: readonly (TableSchema | undefined)[]): ReadonlySet<string> {
  const masked = new Set<string>();
  for (const schema of schemas) {
    for (const field of schema?.fields ?? []) if (field.tags?.includes('pii')) masked.add(field.name);
  }
  return masked;
}
