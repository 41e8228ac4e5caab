import type { CallContext, CheckResult, CheckSpec, QueryResult, ValidationTarget } from '@vp/contracts';
import { testContext } from '../../testing/test-context.ts';
import { ensure, notApplicable } from '../ensure.ts';
import type { ValidatorCase, ValidatorSubject } from './subject.ts';

/** What a law changes about the validation of all cases. */
export interface Validation {
  readonly checks?: readonly CheckSpec[];
  readonly target?: ValidationTarget;
  readonly sampleSize?: number;
  readonly context?: CallContext;
}

/** Validates the subject's data by the checks of all cases, or as `how` says. */
export async function validate(
  subject: ValidatorSubject,
  how: Validation = {},
): Promise<readonly CheckResult[]> {
  const validator = await subject.open();
  const target = how.target ?? (await subject.target());
  const checks = how.checks ?? checksOf(subject);
  return validator.validate(
    { target, checks, sampleSize: how.sampleSize ?? 5 },
    how.context ?? testContext(),
  );
}

export const checksOf = (subject: ValidatorSubject): readonly CheckSpec[] =>
  subject.cases.map((c) => c.check);

/** A case of that outcome; the law does not apply when there is none. */
export function caseOf(subject: ValidatorSubject, status: ValidatorCase['status']): ValidatorCase {
  const found = subject.cases.find((c) => c.status === status && c.check.columns.length > 0);
  return found ?? notApplicable(`no case on a column has the status ${status}`);
}

/** Breaks the law unless each result is what its case says. */
export function ensureFound(results: readonly CheckResult[], cases: readonly ValidatorCase[]): void {
  ensure(results.length === cases.length, `${cases.length} checks gave ${results.length} results`);
  for (const [i, { check, status, failures, rows }] of cases.entries()) {
    const result = results[i];
    ensure(result?.check === check.name, `result ${i} is of ${result?.check}, not of ${check.name}`);
    ensure(result.status === status, `${check.name} is ${result.status} (${result.message}), not ${status}`);
    if (failures !== undefined)
      ensure(
        result.failures === failures,
        `${check.name} counts ${result.failures} failures, not ${failures}`,
      );
    if (rows !== undefined)
      ensure(result.rows === rows, `${check.name} looked at ${result.rows} rows, not ${rows}`);
  }
}

/** The target with another `query`. */
export async function withQuery(
  subject: ValidatorSubject,
  query: (sql: string, real: ValidationTarget['query']) => Promise<QueryResult>,
): Promise<ValidationTarget> {
  const target = await subject.target();
  return { ...target, query: (sql) => query(sql, (text) => target.query(text)) };
}
