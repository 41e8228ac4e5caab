import type { CheckResult, Engine, SqlPart, StagedSnapshot, TableSchema } from '@vp/contracts';
import type { ContributionInfo } from '../host.ts';
import type { StepScope } from './scope.ts';

/**
 * Columns declared NOT NULL that have NULLs in the staged data: one scan for all of them. Columns
 * of which the engine itself knows that they have none are not looked at.
 */
export async function findUnexpectedNulls(request: {
  readonly scope: StepScope;
  readonly engine: Engine;
  readonly info: ContributionInfo;
  readonly staged: StagedSnapshot;
  readonly declared: TableSchema;
}): Promise<readonly CheckResult[]> {
  const { scope, engine, info, staged, declared } = request;
  const proven = new Set(staged.schema.fields.filter((field) => !field.nullable).map((field) => field.name));
  const columns = declared.fields
    .filter((field) => !field.nullable && !proven.has(field.name))
    .map((field) => field.name);
  if (columns.length === 0 || staged.rows === 0) return [];
  const parts: SqlPart[] = columns.map((name) => ({ kind: 'column', name }));
  const strings = columns.map((_, i) => (i === 0 ? 'select count(' : `) as c${i - 1}, count(`));
  strings.push(`) as c${columns.length - 1} from ${staged.relation}`);
  const counts = await scope.call(info, async () => {
    const result = await engine.query({ sql: { strings, parts }, inputs: {} }, scope.context);
    try {
      for await (const batch of result.batches) {
        if (batch.length > 0) return batch.columns.map((values) => Number(values[0]));
      }
      return [];
    } finally {
      await result.close();
    }
  });
  return columns.flatMap((column, index): readonly CheckResult[] => {
    const failures = staged.rows - (counts[index] ?? 0);
    if (failures === 0) return [];
    return [
      {
        check: `schema:not_null(${column})`,
        rule: 'not_null',
        columns: [column],
        severity: 'error',
        status: 'failed',
        rows: staged.rows,
        failures,
        expected: 'no NULL, as the schema declares',
        message: `${failures} of ${staged.rows} rows have NULL in "${column}", which is declared NOT NULL.`,
      },
    ];
  });
}
