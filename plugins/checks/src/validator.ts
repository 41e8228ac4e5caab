import {
  type CallContext,
  type CheckResult,
  type CheckSpec,
  type Clock,
  describeThrown,
  isVpError,
  type JsonObject,
  type RuleInfo,
  type ValidationTarget,
  type Validator,
  type Value,
} from '@vp/plugin-sdk';
import { errors } from './errors.ts';
import { type Measurement, measure, type PlannedCheck, planCheck, readRows, sampleSql } from './scan.ts';

/** Engines whose SQL the rules are written in. */
const dialects = ['duckdb'];

/** The validator: all checks of an asset in one scan, then a small query for each sample of failures. */
export function createValidator(init: {
  readonly clock: Clock;
  readonly rules: readonly RuleInfo[];
}): Validator {
  return {
    rules: () => init.rules,
    async validate({ target, checks, sampleSize }, context) {
      context.signal.throwIfAborted();
      if (!dialects.includes(target.dialect)) {
        throw errors.VP_CHECKS_UNSUPPORTED_ENGINE({ dialect: target.dialect });
      }
      const now = init.clock.now();
      const problems: (string | undefined)[] = [];
      const planned = checks.map((check, i) => {
        try {
          refuseUnknownOptions(check, init.rules);
          return planCheck(check, target, i, now);
        } catch (error) {
          problems[i] = problemOf(error);
          return undefined;
        }
      });
      const measured = await measureAll(planned, target, problems, context);
      const results: CheckResult[] = [];
      for (const [i, check] of checks.entries()) {
        const plan = planned[i];
        const found = measured[i];
        results.push(
          plan === undefined || found === undefined
            ? broken(check, problems[i] ?? 'The check gave no result.')
            : await judge(plan, found, target, sampleSize),
        );
      }
      return results;
    },
  };
}

/** The host checks options against the manifest too, but a check may come from elsewhere. */
function refuseUnknownOptions(check: CheckSpec, rules: readonly RuleInfo[]): void {
  const properties = rules.find((rule) => rule.id === check.rule)?.options.properties;
  if (typeof properties !== 'object' || properties === null) return;
  const known = Object.keys(properties);
  const option = Object.keys(check.options).find((name) => !known.includes(name));
  if (option !== undefined) throw errors.VP_CHECKS_UNKNOWN_OPTION({ check: check.name, option, known });
}

/** The one scan; when it fails, each check by itself, so that one bad condition is named and the others still count. */
async function measureAll(
  planned: readonly (PlannedCheck | undefined)[],
  target: ValidationTarget,
  problems: (string | undefined)[],
  context: CallContext,
): Promise<readonly (Measurement | undefined)[]> {
  try {
    return await measure(planned, target);
  } catch (error) {
    context.signal.throwIfAborted();
    context.logger.debug('The scan of all checks failed; checking one by one.', {
      reason: describeThrown(error),
    });
  }
  const results: (Measurement | undefined)[] = [];
  for (const i of planned.keys()) {
    context.signal.throwIfAborted();
    try {
      results.push(
        (
          await measure(
            planned.map((p, j) => (i === j ? p : undefined)),
            target,
          )
        )[i],
      );
    } catch (error) {
      problems[i] = problemOf(error);
      results.push(undefined);
    }
  }
  return results;
}

async function judge(
  plan: PlannedCheck,
  found: Measurement,
  target: ValidationTarget,
  sampleSize: number,
): Promise<CheckResult> {
  const { check, compiled } = plan;
  if (compiled.kind === 'value') {
    const { ok, expected } = compiled.judge(found.value);
    const observed = shown(found.value);
    return {
      ...identity(check),
      status: ok ? 'passed' : 'failed',
      rows: found.rows,
      failures: ok ? 0 : 1,
      observed,
      expected,
      message: `${label(check)}${check.description === undefined ? ' is' : ':'} ${observed ?? 'NULL'}, expected ${expected}.`,
    };
  }
  const share = found.rows === 0 ? 0 : found.failures / found.rows;
  const passed = found.failures === 0 || share <= (check.tolerance ?? 0);
  const sample = passed || sampleSize === 0 ? undefined : sampleSql(plan, target, sampleSize);
  return {
    ...identity(check),
    status: passed ? 'passed' : 'failed',
    rows: found.rows,
    failures: found.failures,
    expected: compiled.expected,
    ...(sample === undefined ? {} : { sample: mask(await readRows(target, sample), target) }),
    message:
      found.failures === 0
        ? `${label(check)}: all ${count(found.rows)} rows are ${compiled.expected}.`
        : `${label(check)}: ${count(found.failures)} of ${count(found.rows)} rows (${percent(share)}) are not ${compiled.expected}.`,
  };
}

/** A result of a check has no hint of its own: what is suggested stands in its message. */
function problemOf(error: unknown): string {
  const hint = isVpError(error) ? error.hint : undefined;
  return hint === undefined ? describeThrown(error) : `${describeThrown(error)} ${hint}`.trimEnd();
}

function broken(check: CheckSpec, problem: string): CheckResult {
  return { ...identity(check), status: 'error', rows: 0, failures: 0, message: problem };
}

function identity(check: CheckSpec) {
  return { check: check.name, rule: check.rule, columns: check.columns, severity: check.severity } as const;
}

/** What the author says that the check is about, else what it is called. */
function label(check: CheckSpec): string {
  if (check.description !== undefined) return check.description.trim().replace(/[.:]+$/, '');
  return check.columns.length === 0 ? check.rule : `${check.rule}(${check.columns.join(', ')})`;
}

const thousands = new Intl.NumberFormat('en-US');

const count = (rows: number): string => thousands.format(rows);

function percent(share: number): string {
  return share < 0.0001 ? 'under 0.01 %' : `${(share * 100).toFixed(2)} %`;
}

/** Rows of a sample, where columns tagged `pii` show only that they had a value. */
function mask(rows: readonly Record<string, Value>[], target: ValidationTarget): readonly JsonObject[] {
  const hidden = new Set(target.schema.fields.filter((f) => f.tags?.includes('pii')).map((f) => f.name));
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value === null ? null : hidden.has(name) ? '[masked]' : String(value),
      ]),
    ),
  );
}

function shown(value: Value): string | number | null {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}
