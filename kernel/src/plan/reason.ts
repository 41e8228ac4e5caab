import type { PlanReason } from '@vp/contracts';
import type { Current } from './current.ts';
import { type Definition, definitionChanges } from './definition.ts';
import { fingerprint } from './fingerprint.ts';

/** What a decision about a step is made from. */
export interface StepFacts {
  readonly definition: Definition;
  readonly current: Current | undefined;
  /** Versions of the inputs now. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Input steps that this plan computes. */
  readonly upstream: readonly string[];
  readonly force: boolean;
  /** Token of the source's content; `unknown` when the source cannot tell, and why. */
  readonly source?: { readonly version: string | undefined; readonly problem?: string } | undefined;
}

const list = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

/** Why a step runs, or does not. */
export function decide(facts: StepFacts): PlanReason {
  const { definition, current, inputs, upstream, source } = facts;
  if (facts.force) return { code: 'forced', text: 'asked for' };
  if (current === undefined) return { code: 'new', text: 'was never computed' };
  if (current.definition !== undefined && current.definition !== definition.hash) {
    const changes = current.parts === undefined ? [] : definitionChanges(current.parts, definition.parts);
    const text = changes.length === 0 ? 'its definition changed' : `changed: ${list(changes)}`;
    return { code: 'changed', text, changes };
  }
  const names = new Set([...Object.keys(inputs), ...Object.keys(current.inputs)]);
  const planned = new Set(upstream);
  const moved = [...names]
    .filter((name) => !planned.has(name) && inputs[name] !== current.inputs[name])
    .sort();
  if (moved.length > 0) {
    return {
      code: 'stale',
      text: `new data in ${list(moved)}`,
      changes: moved.map((name) => `input ${name}`),
    };
  }
  if (upstream.length > 0) {
    return {
      code: 'upstream',
      text: `computed in this run: ${list(upstream)}`,
      changes: upstream.map((name) => `input ${name}`),
    };
  }
  if (source !== undefined && source.version === undefined) {
    return { code: 'unknown', text: source.problem ?? 'the source cannot tell whether it has new data' };
  }
  const now = fingerprint({ definition: definition.hash, inputs, sourceVersion: source?.version });
  if (now === current.fingerprint) return { code: 'fresh', text: 'nothing changed' };
  if (current.definition === undefined) {
    return { code: 'changed', text: 'differs from what made its data, and there is no record of how' };
  }
  return { code: 'stale', text: 'the source has new data', changes: ['source'] };
}
