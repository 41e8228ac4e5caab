import {
  type AssetSpec,
  type CommitMeta,
  describeThrown,
  type Engine,
  type MaterializationRecord,
  points,
  type Snapshot,
  type Source,
  type StagedSnapshot,
} from '@vp/contracts';
import { fillPartition } from '../assets/source-partition.ts';
import type { ContributionInfo } from '../host.ts';
import { definitionKey } from '../plan/current.ts';
import { fingerprint } from '../plan/fingerprint.ts';
import { errors } from './errors.ts';
import { resolveInputs } from './inputs.ts';
import { doneBefore, type StepOutcome } from './outcome.ts';
import { produce } from './produce.ts';
import { runChecks } from './run-checks.ts';
import { describeSnapshot } from './run-state.ts';
import { schemaChanges, schemaProblems } from './schema-fit.ts';
import type { StepScope } from './scope.ts';

/**
 * Write, audit, publish: stages the data, holds it against the declared schema and the checks, and
 * only then makes it the asset's current snapshot.
 */
export async function materialize(scope: StepScope, spec: AssetSpec): Promise<StepOutcome> {
  const { step, state, host } = scope;
  const inputs = resolveInputs(scope);
  const isSource = spec.compute.kind === 'source';
  const sourceVersion = isSource ? await askVersion(scope, spec) : undefined;
  const mark = fingerprint({ definition: step.definition, inputs: inputs.versions, sourceVersion });
  const before = state.snapshot(step.id);
  if (before?.commit.token === scope.token) {
    // An attempt before this one has committed, and its end was never heard of.
    const isRecorded = state.current(step.id)?.parts !== undefined;
    if (!isRecorded) announce({ scope, spec, before, snapshot: before, meta: before.commit, sourceVersion });
    return { ...doneBefore, ...describeSnapshot(before) };
  }
  const isKnown = !isSource || sourceVersion !== undefined;
  if (isKnown && step.reason.code !== 'forced' && before?.commit.fingerprint === mark) {
    return { status: 'skipped', reason: 'unchanged', ...describeSnapshot(before) };
  }

  const engineId = step.engine ?? scope.model.engine(spec.name) ?? host.bound('engine');
  const info = host.contribution('engine', engineId);
  const engine: Engine = await scope.call(info, () => host.instance(points.engine, engineId));
  const production = await produce({ scope, spec, engine, engineId, reads: inputs.reads });
  const target = { asset: spec.name, ...(step.partition === undefined ? {} : { partition: step.partition }) };
  const { schema } = spec;
  const staged = await scope.call(info, () =>
    engine.stage(
      { target, input: production.input, ...(schema === undefined ? {} : { schema }) },
      scope.context,
    ),
  );
  let snapshot: Snapshot;
  let meta: CommitMeta;
  try {
    await audit({ scope, spec, engine, info, staged });
    const cursor = await production.state?.();
    meta = {
      runId: scope.runId,
      stepId: step.id,
      token: scope.token,
      fingerprint: mark,
      inputs: inputs.versions,
      ...(cursor === undefined ? {} : { state: cursor }),
      metadata: { ...production.metadata, [definitionKey]: step.definition },
    };
    snapshot = await scope.call(info, () => staged.commit(meta));
  } catch (error) {
    await discard(scope, staged);
    throw error;
  }
  announce({ scope, spec, before, snapshot, meta, sourceVersion });
  if (meta.state !== undefined) await acknowledge(scope, () => production.acknowledge?.(meta.state ?? null));
  return { status: 'succeeded', ...describeSnapshot(snapshot), path: production.path };
}

async function askVersion(scope: StepScope, spec: AssetSpec): Promise<string | undefined> {
  const { compute } = spec;
  if (compute.kind !== 'source') return undefined;
  const { use, connection } = compute;
  const options = fillPartition(compute.options, scope.step.partition);
  return scope.call(scope.host.contribution('source', use), async () => {
    const source: Source = await scope.host.instance(points.source, use, connection);
    return source.version?.({ options }, scope.context);
  });
}

async function audit(request: {
  readonly scope: StepScope;
  readonly spec: AssetSpec;
  readonly engine: Engine;
  readonly info: ContributionInfo;
  readonly staged: StagedSnapshot;
}): Promise<void> {
  const { scope, spec, engine, info, staged } = request;
  const problems = spec.schema === undefined ? [] : schemaProblems(spec.schema, staged.schema);
  if (problems.length > 0) {
    throw errors.VP_SCHEMA_MISMATCH(
      { asset: spec.name, problems },
      { at: spec.origin, details: { problems } },
    );
  }
  await runChecks({ scope, spec, engine, engineInfo: info, staged });
}

async function discard(scope: StepScope, staged: StagedSnapshot): Promise<void> {
  try {
    await staged.discard();
  } catch (error) {
    scope.logger.warn(`Staged data of ${scope.step.id} was not removed: ${describeThrown(error)}`);
  }
}

/** The data is safe whatever the source says to this: a refusal is reported and read again next time. */
async function acknowledge(scope: StepScope, tell: () => Promise<void> | undefined): Promise<void> {
  try {
    await tell();
  } catch (error) {
    scope.logger.warn(
      `The source of ${scope.step.id} did not take the acknowledgement: ${describeThrown(error)}`,
    );
  }
}

function announce(facts: {
  readonly scope: StepScope;
  readonly spec: AssetSpec;
  readonly before: Snapshot | undefined;
  readonly snapshot: Snapshot;
  readonly meta: CommitMeta;
  readonly sourceVersion: string | undefined;
}): void {
  const { scope, spec, before, snapshot, meta, sourceVersion } = facts;
  const { events, runId, step, clock, state } = scope;
  const at = clock.now();
  const record: MaterializationRecord = {
    asset: spec.name,
    ...(step.partition === undefined ? {} : { partition: step.partition }),
    runId,
    stepId: step.id,
    version: snapshot.id,
    fingerprint: meta.fingerprint,
    definition: step.definition,
    definitionParts: step.definitionParts,
    inputs: meta.inputs,
    ...(sourceVersion === undefined ? {} : { sourceVersion }),
    rows: snapshot.rows,
    bytes: snapshot.bytes,
    durationMs: at - scope.startedAt,
    at,
  };
  state.committed(step.id, snapshot, record);
  events.publish({ type: 'snapshot.committed', runId, stepId: step.id, snapshot });
  const changes = before === undefined ? [] : schemaChanges(before.schema, snapshot.schema);
  if (changes.length > 0) {
    events.publish({ type: 'schema.changed', runId, stepId: step.id, asset: spec.name, changes });
  }
}
