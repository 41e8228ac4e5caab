import type { AssetSpec } from '@vp/contracts';
import { fingerprint } from '../plan/fingerprint.ts';
import { resolveInputs } from './inputs.ts';
import { doneBefore, type StepOutcome } from './outcome.ts';
import type { StepScope } from './scope.ts';
import { runTransform } from './transform.ts';

/** Runs an asset that keeps no data: its record is all that remains. */
export async function runTask(scope: StepScope, spec: AssetSpec): Promise<StepOutcome> {
  const { step, state, runId } = scope;
  const inputs = resolveInputs(scope);
  const mark = fingerprint({ definition: step.definition, inputs: inputs.versions });
  const before = state.current(step.id);
  // An attempt before this one was done, and its end was never heard of.
  if (before?.version === runId && before.fingerprint === mark) return doneBefore;
  if (step.reason.code !== 'forced' && before?.fingerprint === mark) {
    return { status: 'skipped', reason: 'unchanged' };
  }
  const { path } = await runTransform({ scope, spec, reads: inputs.reads });
  scope.signal.throwIfAborted();
  const at = scope.clock.now();
  state.recorded({
    asset: spec.name,
    ...(step.partition === undefined ? {} : { partition: step.partition }),
    runId,
    stepId: step.id,
    version: runId,
    fingerprint: mark,
    definition: step.definition,
    definitionParts: step.definitionParts,
    inputs: inputs.versions,
    durationMs: at - scope.startedAt,
    at,
  });
  return { status: 'succeeded', path };
}
