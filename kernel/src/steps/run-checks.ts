import {
  type AssetSpec,
  type CheckResult,
  type CheckSpec,
  type Engine,
  points,
  type QueryResult,
  type StagedSnapshot,
  type ValidationTarget,
  type Validator,
} from '@vp/contracts';
import { relatedAssets } from '../assets/graph.ts';
import type { ContributionInfo } from '../host.ts';
import { acceptResults, maskedColumns } from './check-results.ts';
import { errors } from './errors.ts';
import { findUnexpectedNulls } from './not-null.ts';
import type { StepScope } from './scope.ts';

interface ChecksRequest {
  readonly scope: StepScope;
  readonly spec: AssetSpec;
  readonly engine: Engine;
  readonly engineInfo: ContributionInfo;
  readonly staged: StagedSnapshot;
}

/**
 * Audits staged data: NOT NULL as declared, then the asset's checks. Each result is an event.
 *
 * @throws VpError `VP_CHECKS_FAILED` when one of severity `error` did not pass, or
 * `VP_CHECKS_NOT_EVALUATED` when all of those could not be evaluated
 */
export async function runChecks(request: ChecksRequest): Promise<void> {
  const { scope, spec, engine, engineInfo: info, staged } = request;
  const results: CheckResult[] = [];
  if (spec.schema !== undefined) {
    results.push(...(await findUnexpectedNulls({ scope, engine, info, staged, declared: spec.schema })));
  }
  const byValidator = new Map<string, { readonly info: ContributionInfo; readonly checks: CheckSpec[] }>();
  for (const check of spec.checks) {
    const { validator } = scope.model.rules.resolve(check, spec.name);
    const group = byValidator.get(validator.id) ?? { info: validator, checks: [] };
    group.checks.push(check);
    byValidator.set(validator.id, group);
  }
  if (byValidator.size > 0) {
    scope.context.progress({ activity: 'checking' });
    const target = await targetOf(request);
    for (const group of byValidator.values()) results.push(...(await validate(request, target, group)));
  }
  for (const result of results) {
    scope.checks.push(result);
    scope.events.publish({
      type: 'check.finished',
      runId: scope.runId,
      stepId: scope.step.id,
      asset: spec.name,
      result,
    });
  }
  const failed = results.filter((result) => result.severity === 'error' && result.status !== 'passed');
  if (failed.length > 0) {
    // Rows are at fault when one check says so; a check that says nothing is itself at fault.
    const isJudged = failed.some((result) => result.status === 'failed');
    const fault = isJudged ? errors.VP_CHECKS_FAILED : errors.VP_CHECKS_NOT_EVALUATED;
    const hasSnapshot = scope.state.snapshot(scope.step.id) !== undefined;
    throw fault(
      { asset: spec.name, failed, hasSnapshot },
      {
        at: spec.checks.find((check) => check.name === failed[0]?.check)?.origin ?? spec.origin,
        details: {
          checks: failed.map((result) => ({
            check: result.check,
            failures: result.failures,
            rows: result.rows,
            sample: result.sample ?? [],
          })),
        },
      },
    );
  }
}

async function targetOf({
  scope,
  spec,
  engine,
  engineInfo,
  staged,
}: ChecksRequest): Promise<ValidationTarget> {
  const related: Record<string, string> = {};
  for (const asset of relatedAssets(spec)) {
    if (scope.model.engine(asset) !== engineInfo.id) continue;
    const set = scope.model.partitions(asset);
    const isThere = set === undefined ? scope.state.snapshot(asset) !== undefined : true;
    if (isThere) related[asset] = await scope.call(engineInfo, () => engine.relation({ asset }));
  }
  related[spec.name] = staged.relation;
  const open: QueryResult[] = [];
  scope.defer('check queries', async () => {
    await Promise.all(open.map((result) => result.close()));
  });
  return {
    ...staged.target,
    schema: staged.schema,
    relation: staged.relation,
    related,
    dialect: engineInfo.id,
    async query(sql) {
      const result = await engine.query({ text: sql }, scope.context);
      open.push(result);
      return result;
    },
  };
}

async function validate(
  { scope, spec, staged }: ChecksRequest,
  target: ValidationTarget,
  { info, checks }: { readonly info: ContributionInfo; readonly checks: readonly CheckSpec[] },
): Promise<readonly CheckResult[]> {
  const { sampleSize, context, host } = scope;
  return scope.call(info, async () => {
    const validator: Validator = await host.instance(points.validator, info.id);
    const results: unknown = await validator.validate({ target, checks, sampleSize }, context);
    const masked = maskedColumns(spec.schema, staged.schema);
    return acceptResults({ asset: spec.name, validator: info.id, checks, results, masked, sampleSize });
  });
}
