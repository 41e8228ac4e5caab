import type { Store } from '@vp/plugin-sdk';
import { createAccess } from './access.ts';
import { openDatabase } from './database.ts';
import { eventStore } from './events.ts';
import { lockStore } from './locks.ts';
import { materializationStore } from './materializations.ts';
import { runStore } from './runs.ts';
import { stateStore } from './state.ts';

/** A store that can be closed. */
export type OpenStore = Store & AsyncDisposable;

/** Opens the metadata store in `path`. Any number of processes may have it open. */
export async function openStore({
  path,
  keepRunsDays,
}: {
  readonly path: string;
  /** Runs that began longer ago are deleted whenever one ends; all are kept when left out. */
  readonly keepRunsDays?: number | undefined;
}): Promise<OpenStore> {
  const access = createAccess(await openDatabase(path), path);
  const locks = lockStore(access);
  return {
    ...eventStore(access),
    ...runStore(access, { keepRunsDays }),
    ...materializationStore(access),
    ...stateStore(access),
    acquireLock: locks.acquireLock,
    async [Symbol.asyncDispose]() {
      await locks.releaseAll();
      await access.close();
    },
  };
}
