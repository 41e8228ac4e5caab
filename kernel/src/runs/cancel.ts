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

interface Watch {
  readonly store: Store;
  readonly runId: string;
  readonly logger: Logger;
  readonly cancel: () => void;
}

const isCancelAsked = async ({ store, runId }: Watch): Promise<boolean> =>
  (await store.getState(cancelKey(runId))) !== undefined;

/** Calls `cancel` once, when `isDue` says so. */
function watch({ logger, cancel }: Watch, isDue: () => Promise<boolean>) {
  let isAsked = false;
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking || isAsked) return;
    isLooking = true;
    try {
      isAsked = await isDue();
      if (isAsked) cancel();
    } catch (error) {
      logger.debug(`Could not look for a request to cancel: ${describeThrown(error)}`);
    }
    isLooking = false;
  }, pollInterval);
  timer.unref();
  return () => clearInterval(timer);
}

/** Calls `cancel` when another process asks for it. Returns how to stop looking. */
export function watchCancel(request: Watch): () => Promise<void> {
  const { store, runId } = request;
  const stop = watch(request, () => isCancelAsked(request));
  return async () => {
    stop();
    // Also when it came too late to be heard: nobody else removes it.
    const known = await store.getState(cancelKey(runId));
    if (known !== undefined) await store.putState(cancelKey(runId), undefined, known.version);
  };
}

/** As a worker sees it: the run is to be stopped, is over, or its process has died. */
export function watchRun(request: Watch): () => void {
  const { store, runId } = request;
  return watch(request, async () => {
    if (await isCancelAsked(request)) return true;
    const [run] = await store.runs({ id: runId });
    return run?.status !== 'running';
  });
}
