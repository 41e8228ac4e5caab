import type { Alert, Json, JsonObject, Store } from '@vp/contracts';

/** A problem that people were told of, or could not be told of, and that is not over. */
export interface OpenProblem {
  readonly alert: Alert;
  /** Alerters that know of it: they hear when it is over. */
  readonly told: readonly string[];
}

const prefix = 'alerts/';

/** Problems that are not over, over all runs of the deployment. */
export interface ProblemMemory {
  get(key: string): OpenProblem | undefined;
  all(): Iterable<OpenProblem>;
  open(problem: OpenProblem): void;
  close(key: string): void;
  /** Writes what changed. */
  save(): Promise<void>;
}

export async function loadProblems(store: Store): Promise<ProblemMemory> {
  const problems = new Map<string, OpenProblem>();
  const versions = new Map<string, number>();
  const changed = new Set<string>();
  for (const stateKey of await store.listState(prefix)) {
    const entry = await store.getState(stateKey);
    const problem = entry === undefined ? undefined : asProblem(entry.value);
    if (entry === undefined || problem === undefined) continue;
    problems.set(problem.alert.key, problem);
    versions.set(problem.alert.key, entry.version);
  }
  return {
    get: (key) => problems.get(key),
    all: () => problems.values(),
    open(problem) {
      problems.set(problem.alert.key, problem);
      changed.add(problem.alert.key);
    },
    close(key) {
      problems.delete(key);
      changed.add(key);
    },
    async save() {
      for (const key of changed) {
        const problem = problems.get(key);
        const value = problem === undefined ? undefined : asJson(problem);
        const written = await store.putState(prefix + key, value, versions.get(key) ?? 0);
        // Only the run that holds the lock writes here; after a refusal, what is there counts.
        if (written) versions.set(key, (await store.getState(prefix + key))?.version ?? 0);
      }
      changed.clear();
    },
  };
}

function asJson({ alert, told }: OpenProblem): JsonObject {
  return { alert: JSON.parse(JSON.stringify(alert)), told };
}

/** State of another version may look otherwise: then the problem is new. */
function asProblem(value: Json): OpenProblem | undefined {
  if (typeof value !== 'object' || value === null || !('alert' in value)) return undefined;
  const { alert, told } = value;
  if (typeof alert !== 'object' || alert === null || !('key' in alert) || !Array.isArray(told))
    return undefined;
  return { alert: alert as unknown as Alert, told: told.map(String) };
}
