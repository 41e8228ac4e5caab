import type { SnapshotRead, TableSchema } from '@vp/contracts';
import { type InputNeed, stepIdOf } from '../plan/model.ts';
import { errors } from './errors.ts';
import type { StepScope } from './scope.ts';

/** What a step reads: pinned once, so that no later commit changes it under way. */
export interface StepInputs {
  /** Versions by step id, as they are committed with the data. */
  readonly versions: Readonly<Record<string, string>>;
  /** What to read, by the input's `as` name; inputs without data have none. */
  readonly reads: Readonly<Record<string, SnapshotRead>>;
}

export function resolveInputs(scope: StepScope): StepInputs {
  const { model, step } = scope;
  const versions: Record<string, string> = {};
  const reads: Record<string, SnapshotRead> = {};
  for (const need of model.needs(step.asset, step.partition)) {
    const present = presentOf(need, scope, versions);
    if (need.spec.materialize === 'none') continue;
    const { asset, as } = need.input;
    if (need.partitions === undefined) {
      const snapshot = versions[asset];
      reads[as] = { asset, ...(snapshot === undefined ? {} : { snapshot }) };
    } else {
      const ids = new Set(present);
      const partitions = need.partitions.filter((_, index) => ids.has(need.steps[index] ?? ''));
      const keys = partitions.map((partition) => partition.key);
      reads[as] =
        keys.length > 0
          ? { asset, partitions: keys }
          : { asset, partitions: keys, schema: columnsOf(need, scope) };
    }
  }
  return { versions, reads };
}

function presentOf(need: InputNeed, scope: StepScope, versions: Record<string, string>): readonly string[] {
  const { state, step } = scope;
  const present: string[] = [];
  for (const id of need.steps) {
    const version = state.current(id)?.version;
    if (version !== undefined) {
      versions[id] = version;
      present.push(id);
    } else if (need.complete) {
      throw errors.VP_STEP_INPUT_MISSING({ step: step.id, input: id, asset: step.asset });
    }
  }
  if (present.length === 0 && !(need.mayBeEmpty && need.steps.length === 0)) {
    throw errors.VP_STEP_INPUT_MISSING({ step: step.id, input: need.input.asset, asset: step.asset });
  }
  return present;
}

/** The columns of an input of which no partition is read: as declared, or as another partition has them. */
function columnsOf({ spec, input }: InputNeed, { model, state, step }: StepScope): TableSchema {
  if (spec.schema !== undefined) return spec.schema;
  for (const { text } of model.partitions(input.asset)?.partitions ?? []) {
    const found = state.snapshot(stepIdOf(input.asset, text));
    if (found !== undefined) return found.schema;
  }
  throw errors.VP_STEP_INPUT_MISSING({ step: step.id, input: input.asset, asset: step.asset });
}
