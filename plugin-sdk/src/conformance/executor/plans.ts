import type { Plan, PlanStep, StepStatus } from '@vp/contracts';

/** What a simulated step does when it runs. */
export type Behaviour =
  | { readonly kind: 'succeed' }
  /** Fails each time, with an error of that class. */
  | {
      readonly kind: 'fail';
      readonly class: 'user' | 'config' | 'data' | 'plugin' | 'internal' | 'transient';
    }
  /** Fails `times` times with a transient error, then succeeds. */
  | { readonly kind: 'flaky'; readonly times: number; readonly retryAfterMs?: number }
  /** Runs until its signal aborts. */
  | { readonly kind: 'hang' }
  /** Breaks the contract: rejects. */
  | { readonly kind: 'reject' };

/** A plan, and how its steps behave (`succeed` when left out). */
export interface Scenario {
  readonly plan: Plan;
  readonly behaviours: ReadonlyMap<string, Behaviour>;
}

/** A step of a plan; runs, and depends on nothing, unless `more` says otherwise. */
export function step(id: string, dependsOn: readonly string[] = [], more: Partial<PlanStep> = {}): PlanStep {
  return {
    id,
    kind: 'materialize',
    asset: id,
    dependsOn,
    action: 'run',
    reason: { code: 'new', text: 'never computed' },
    definition: 'd',
    definitionParts: {},
    retries: 0,
    ...more,
  };
}

export function scenario(
  steps: readonly PlanStep[],
  behaviours: Readonly<Record<string, Behaviour>> = {},
): Scenario {
  return {
    plan: { id: 'plan-1', createdAt: 0, project: 'conformance', steps },
    behaviours: new Map(Object.entries(behaviours)),
  };
}

/** A plan by chance, the same for the same seed: chains, fans, diamonds, failures and skipped steps. */
export function randomScenario(seed: number, size = 30): Scenario {
  const random = mulberry32(seed);
  const below = (n: number) => Math.floor(random() * n);
  const steps: PlanStep[] = [];
  const behaviours: Record<string, Behaviour> = {};
  for (let i = 0; i < size; i++) {
    const count = i === 0 ? 0 : below(4);
    const dependsOn = [...new Set(Array.from({ length: count }, () => `s${below(i)}`))];
    // A plan skips a step only when nothing above it runs.
    const mayskip = dependsOn.every((id) => steps.find((s) => s.id === id)?.action === 'skip');
    const action = mayskip && random() < 0.3 ? 'skip' : 'run';
    steps.push(step(`s${i}`, dependsOn, { action, retries: 2 }));
    const chance = random();
    if (chance < 0.08) behaviours[`s${i}`] = { kind: 'fail', class: 'data' };
    else if (chance < 0.2) behaviours[`s${i}`] = { kind: 'flaky', times: 1 + below(2) };
    else if (chance < 0.24) behaviours[`s${i}`] = { kind: 'fail', class: 'transient' };
  }
  return scenario(steps, behaviours);
}

/** How each step must end, by the rules of the contract. */
export function expectedStatuses({ plan, behaviours }: Scenario): ReadonlyMap<string, StepStatus> {
  const statuses = new Map<string, StepStatus>();
  for (const { id, action, dependsOn, retries = 0 } of plan.steps) {
    const behaviour = behaviours.get(id) ?? { kind: 'succeed' };
    const isBlocked = dependsOn.some((d) => statuses.get(d) === 'failed' || statuses.get(d) === 'blocked');
    if (action === 'skip') statuses.set(id, 'skipped');
    else if (isBlocked) statuses.set(id, 'blocked');
    else if (behaviour.kind === 'succeed') statuses.set(id, 'succeeded');
    else if (behaviour.kind === 'flaky' && behaviour.times <= retries) statuses.set(id, 'succeeded');
    else statuses.set(id, 'failed');
  }
  return statuses;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
