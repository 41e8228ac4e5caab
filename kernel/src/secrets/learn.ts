import {
  type Clock,
  describeThrown,
  isSecretRef,
  type Logger,
  type Secret,
  type SecretRef,
} from '@vp/contracts';

/** A provider that does not answer must not hold up a run that may not need it. */
const patienceMs = 5_000;

/**
 * Fetches every secret that the configuration names, so that the redactor knows their values before
 * a step's code runs, which may print its environment. A secret that cannot be had is no fault
 * here: whoever needs it says so.
 */
export async function learnSecrets(init: {
  readonly config: unknown;
  readonly clock: Clock;
  readonly logger: Logger;
  get(ref: SecretRef): Promise<Secret>;
}): Promise<void> {
  const refs = new Set<SecretRef>();
  collect(init.config, refs);
  if (refs.size === 0) return;
  const asked = [...refs].map(async (ref) => {
    try {
      await init.get(ref);
    } catch (error) {
      init.logger.debug(`${ref} could not be read before the run: ${describeThrown(error)}`);
    }
  });
  const patience = new AbortController();
  await Promise.race([Promise.all(asked), waited(init.clock, patience.signal)]);
  patience.abort();
}

async function waited(clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(patienceMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function collect(value: unknown, refs: Set<SecretRef>): void {
  if (isSecretRef(value)) refs.add(value);
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collect(inner, refs);
  }
}
