import { randomUUID } from 'node:crypto';
import type { LockOwner, Store } from '@vp/plugin-sdk';
import type { Access } from './access.ts';
import { isAlive, self } from './liveness.ts';

/** Locks between processes. A lock whose owner died on this host is taken over. */
export interface LockStore extends Pick<Store, 'acquireLock'> {
  /** Releases what this process still holds. */
  releaseAll(): Promise<void>;
}

export function lockStore(access: Access): LockStore {
  const held = new Map<string, () => Promise<void>>();

  return {
    async acquireLock(name, purpose) {
      const token = randomUUID();
      const since = Date.now();
      const heldBy = await access.write('process', async (trx): Promise<LockOwner | undefined> => {
        const owner = await trx.selectFrom('lock').selectAll().where('name', '=', name).executeTakeFirst();
        if (
          owner !== undefined &&
          isAlive({ pid: owner.pid, host: owner.host, start: owner.process_start })
        ) {
          return { pid: owner.pid, host: owner.host, purpose: owner.purpose, since: owner.since };
        }
        const row = { token, pid: self.pid, host: self.host, process_start: self.start, purpose, since };
        await trx
          .insertInto('lock')
          .values({ name, ...row })
          .onConflict((oc) => oc.column('name').doUpdateSet(row))
          .execute();
        return undefined;
      });
      if (heldBy !== undefined) return { heldBy };

      const release = async () => {
        held.delete(token);
        await access.write('process', async (trx) => {
          await trx.deleteFrom('lock').where('name', '=', name).where('token', '=', token).execute();
        });
      };
      held.set(token, release);
      return { release };
    },

    async releaseAll() {
      await Promise.all([...held.values()].map((release) => release()));
    },
  };
}
