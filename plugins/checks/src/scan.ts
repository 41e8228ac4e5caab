import type { CheckSpec, ValidationTarget, Value } from '@vp/plugin-sdk';
import { errors } from './errors.ts';
import { rules } from './rules/index.ts';
import type { CompiledCheck } from './rules/rule.ts';
import { identifier } from './sql.ts';

/** A check that has become SQL. */
export interface PlannedCheck {
  readonly check: CheckSpec;
  readonly compiled: CompiledCheck;
  /** Its `where` as SQL, when it has one. */
  readonly where: string | undefined;
}

/** What the scan measured for one check. */
export interface Measurement {
  readonly rows: number;
  readonly failures: number;
  /** Of checks that measure a value. */
  readonly value: Value;
}

/** Compiles one check. @throws VpError when it cannot be compiled */
export function planCheck(
  check: CheckSpec,
  target: ValidationTarget,
  index: number,
  now: number,
): PlannedCheck {
  const rule = rules[check.rule];
  if (rule === undefined) {
    throw errors.VP_CHECKS_UNKNOWN_RULE({ rule: check.rule, asset: target.asset, known: Object.keys(rules) });
  }
  const known = target.schema.fields.map((f) => f.name);
  for (const column of check.columns) {
    if (!known.includes(column)) throw errors.VP_CHECKS_UNKNOWN_COLUMN({ check: check.name, column, known });
  }
  const columns = check.columns.map(identifier);
  const compiled = rule({
    check,
    schema: target.schema,
    columns,
    column: columns[0] ?? '',
    related: target.related,
    filter: check.where === undefined ? '' : ` FILTER (WHERE ${whereName(index)})`,
    now,
  });
  return { check, compiled, where: check.where };
}

const whereName = (index: number): string => identifier(`vp$where${index}`);
const badName = (index: number): string => identifier(`vp$bad${index}`);

/**
 * One SELECT that measures all checks in one pass over the relation: conditions become columns of
 * an inner projection (subqueries and windows are allowed there), counts and aggregates the outer
 * ones. `index` in the names is the check's place in `planned`.
 */
function scanSql(planned: readonly (PlannedCheck | undefined)[], relation: string): string {
  const conditions: string[] = [];
  const measures: string[] = [];
  planned.forEach((plan, i) => {
    if (plan === undefined) return;
    if (plan.where !== undefined) conditions.push(`((${plan.where}) IS TRUE) AS ${whereName(i)}`);
    const guard = plan.where === undefined ? [] : [whereName(i)];
    measures.push(`${countWhere(guard)} AS n${i}`);
    switch (plan.compiled.kind) {
      case 'rows':
        conditions.push(`((${plan.compiled.bad}) IS TRUE) AS ${badName(i)}`);
        measures.push(`${countWhere([...guard, badName(i)])} AS f${i}`, `NULL AS v${i}`);
        break;
      case 'repeats': {
        const key = plan.compiled.key.map(identifier);
        const filled = plan.compiled.ignoreNull ? key.map((k) => `${k} IS NOT NULL`) : [];
        const distinct = `count(DISTINCT (${key.join(', ')}))${filterOf([...guard, ...filled])}`;
        measures.push(`${countWhere([...guard, ...filled])} - ${distinct} AS f${i}`, `NULL AS v${i}`);
        break;
      }
      case 'value':
        measures.push(`0 AS f${i}`, `${plan.compiled.aggregate} AS v${i}`);
    }
  });
  const inner = conditions.length === 0 ? relation : `(SELECT *, ${conditions.join(', ')} FROM ${relation})`;
  return `SELECT ${measures.join(', ')} FROM ${inner}`;
}

function filterOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` FILTER (WHERE ${conditions.join(' AND ')})`;
}

function countWhere(conditions: readonly string[]): string {
  return `count(*)${filterOf(conditions)}`;
}

/** Reads the one row that `scanSql` gives. */
export async function measure(
  planned: readonly (PlannedCheck | undefined)[],
  target: ValidationTarget,
): Promise<readonly (Measurement | undefined)[]> {
  if (planned.every((p) => p === undefined)) return planned.map(() => undefined);
  const row = (await readRows(target, scanSql(planned, target.relation)))[0] ?? {};
  return planned.map((plan, i) =>
    plan === undefined
      ? undefined
      : { rows: Number(row[`n${i}`] ?? 0), failures: Number(row[`f${i}`] ?? 0), value: row[`v${i}`] ?? null },
  );
}

/**
 * SQL for some rows that break a check, every column as text; `undefined` when rows are not the point.
 * They are the first by value, so that the same data shows the same rows each time.
 */
export function sampleSql(plan: PlannedCheck, target: ValidationTarget, limit: number): string | undefined {
  const where = plan.where === undefined ? 'TRUE' : `(${plan.where}) IS TRUE`;
  const names = [...new Set([...plan.check.columns, ...target.schema.fields.map((f) => f.name)])].map(
    identifier,
  );
  const shown = names.map((name) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ');
  switch (plan.compiled.kind) {
    case 'rows':
      return `SELECT ${shown} FROM (SELECT ${names.join(', ')} FROM (SELECT *, ((${plan.compiled.bad}) IS TRUE AND ${where}) AS "vp$bad" FROM ${target.relation}) WHERE "vp$bad" ORDER BY ALL LIMIT ${limit})`;
    case 'repeats': {
      const key = plan.compiled.key.map(identifier);
      const filled = plan.compiled.ignoreNull ? key.map((k) => ` AND ${k} IS NOT NULL`).join('') : '';
      const positions = key.map((_, i) => i + 1).join(', ');
      const text = key.map((k) => `CAST(${k} AS VARCHAR) AS ${k}`).join(', ');
      return `SELECT ${text}, CAST(count(*) AS VARCHAR) AS "(times)" FROM ${target.relation} WHERE ${where}${filled} GROUP BY ${key.join(', ')} HAVING count(*) > 1 ORDER BY count(*) DESC, ${positions} LIMIT ${limit}`;
    }
    case 'value':
      return undefined;
  }
}

/** A small result as row objects. */
export async function readRows(
  target: ValidationTarget,
  sql: string,
): Promise<readonly Record<string, Value>[]> {
  const result = await target.query(sql);
  try {
    const rows: Record<string, Value>[] = [];
    for await (const batch of result.batches) {
      for (let r = 0; r < batch.length; r++) {
        const row: Record<string, Value> = {};
        result.schema.fields.forEach((field, c) => {
          row[field.name] = batch.columns[c]?.[r] ?? null;
        });
        rows.push(row);
      }
    }
    return rows;
  } finally {
    await result.close();
  }
}
