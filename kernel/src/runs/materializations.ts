import type { MaterializationRecord, Store } from '@vp/contracts';

/** Records go to the store in batches, off the way of the steps. */
export interface MaterializationWriter {
  add(record: MaterializationRecord): void;
  /** Starts to write what is there now. */
  hurry(): void;
  /** Writes all that is left. @throws what the store throws */
  close(): Promise<void>;
}

const delay = 100;
const batchSize = 1_000;

/**
 * `onError` hears of a batch that could not be written; it is kept and tried again at the end. The
 * data does not depend on it: snapshots carry what they are.
 */
export function createMaterializationWriter(
  store: Store,
  onError: (error: unknown) => void,
): MaterializationWriter {
  let pending: MaterializationRecord[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const next = writing.then(async () => {
      const batch = pending;
      pending = [];
      if (batch.length === 0) return;
      try {
        await store.putMaterializations(batch);
      } catch (error) {
        pending = [...batch, ...pending];
        throw error;
      }
    });
    writing = next.catch(onError);
    return next;
  };
  const writeQuietly = (): void => {
    write().catch(() => undefined);
  };
  return {
    add(record) {
      pending.push(record);
      if (pending.length % batchSize === 0) writeQuietly();
      else timer ??= setTimeout(writeQuietly, delay).unref();
    },
    hurry: writeQuietly,
    close: write,
  };
}
