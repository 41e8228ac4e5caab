import type { Logger, Store } from '@vp/contracts';
import { describeThrown } from '@vp/contracts';

const cancelKey = (runId: string): string => `runs/${runId}/cancel`;

/** Milliseconds between two looks for a request from another process. */
const pollInterval = 1_000;

/** Asks the process that runs `runId`, wherever it is, to stop it. */
export async function requestCancel(store: Store, runId: string): Promise<void> {
  const known = await store.getState(cancelKey(runId));
  await store.putState(cancelKey(runId), true, known?.version ?? 0);
}

/** Calls `cancel` when another process asks for it. Returns how to stop looking. */
export function watchCancel(request: {
  readonly store: Store;
  readonly runId: string;
  readonly logger: Logger;
  readonly cancel: () => void;
}): () => Promise<void> {
  const { store, runId, logger, cancel } = request;
  let isAsked = false;
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking || isAsked) return;
    isLooking = true;
    try {
      isAsked = (await store.getState(cancelKey(runId))) !== undefined;
      if (isAsked) cancel();
    } catch (error) {
      logger.debug(`Could not look for a request to cancel: ${describeThrown(error)}`);
    }
    isLooking = false;
  }, pollInterval);
  timer.unref();
  return async () => {
    clearInterval(timer);
    if (!isAsked) return;
    const known = await store.getState(cancelKey(runId));
    if (known !== undefined) await store.putState(cancelKey(runId), undefined, known.version);
  };
}
