import {
  type CheckResult,
  type CheckSpec,
  collectRows,
  describeThrown,
  didYouMean,
  type JsonObject,
  type Row,
  rowsPayload,
  type ValidationTarget,
  type Validator,
} from '@vp/plugin-sdk';
import { brokenSql, quoted, rules } from './rules.ts';

/** Judges texts in SQL, where the data lies. */
export function create{{class}}Validator(): Validator {
  return {
    rules: () => rules,
    async validate({ target, checks, sampleSize }, { signal }) {
      const results: CheckResult[] = [];
      for (const check of checks) {
        signal.throwIfAborted();
        const problem = misuse(check, target);
        try {
          results.push(
            problem === undefined
              ? await orAborted(signal, judge(check, target, sampleSize))
              : unjudged(check, problem),
          );
        } catch (error) {
          signal.throwIfAborted();
          results.push(unjudged(check, describeThrown(error)));
        }
      }
      signal.throwIfAborted();
      return results;
    },
  };
}

/** What is wrong with the check itself: then its status is `error`, and the others go on. */
function misuse({ rule, columns, options }: CheckSpec, { schema }: ValidationTarget): string | undefined {
  const known = rules.find(({ id }) => id === rule);
  if (known === undefined)
    return `There is no rule ${rule}. ${didYouMean(rule, rules.map(({ id }) => id))}`;
  const names = schema.fields.map(({ name }) => name);
  const [column] = columns;
  if (column === undefined || columns.length > 1) return `${rule} takes one column.`;
  if (!names.includes(column)) return `There is no column ${column}. ${didYouMean(column, names)}`;
  const allowed = Object.keys(Object(known.options.properties));
  const unknown = Object.keys(options).find((option) => !allowed.includes(option));
  return unknown === undefined ? undefined : `${rule} has no option ${unknown}. ${didYouMean(unknown, allowed)}`;
}

async function judge(check: CheckSpec, target: ValidationTarget, sampleSize: number): Promise<CheckResult> {
  const { rule, columns, options, tolerance = 0 } = check;
  const broken = brokenSql(rule, columns[0] ?? '', options);
  const [counted] = await rowsOf(
    target,
    `select count(*) as total, count(case when ${broken} then 1 end) as broken from ${target.relation}`,
  );
  const rows = Number(counted?.total ?? 0);
  const failures = Number(counted?.broken ?? 0);
  const failed = failures > 0 && failures / rows > tolerance;
  const names = target.schema.fields.map(({ name }) => quoted(name)).join(', ');
  const sample =
    failed && sampleSize > 0
      ? await rowsOf(target, `select ${names} from ${target.relation} where ${broken} limit ${sampleSize}`)
      : undefined;
  return {
    ...identity(check),
    status: failed ? 'failed' : 'passed',
    rows,
    failures,
    message: `${failures} of ${rows} texts in ${columns[0]} break ${rule}.`,
    ...(sample === undefined ? {} : { sample: sample.map((row) => shown(row, target)) }),
  };
}

async function rowsOf(target: ValidationTarget, sql: string): Promise<readonly Row[]> {
  const result = await target.query(sql);
  try {
    return await collectRows(rowsPayload(result.schema, result.batches));
  } finally {
    await result.close();
  }
}

/** A failing row for people: plain JSON, personal values masked. */
function shown(row: Row, { schema }: ValidationTarget): JsonObject {
  return Object.fromEntries(
    schema.fields.map(({ name, tags = [] }) => {
      const value = row[name] ?? null;
      return [name, value === null ? null : tags.includes('pii') ? '[masked]' : String(value)];
    }),
  );
}

/** The engine may not notice an abort: whoever gave the signal does not wait for it. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', abort));
}

const identity = ({ name: check, rule, columns, severity }: CheckSpec) => ({ check, rule, columns, severity });

const unjudged = (check: CheckSpec, message: string): CheckResult => ({
  ...identity(check),
  status: 'error',
  rows: 0,
  failures: 0,
  message: message.trim(),
});
