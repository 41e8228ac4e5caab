import type { Transaction } from 'kysely';
import type { MetadataTables } from './schema.ts';

/**
 * Deletes runs that began before `before` and are over, with their events and materializations. The
 * newest materialization of each step stays: it says what is there.
 */
export async function prune(trx: Transaction<MetadataTables>, before: number): Promise<void> {
  const expired = trx
    .selectFrom('run')
    .select('id')
    .where('started_at', '<', before)
    .where('status', '!=', 'running');
  if ((await expired.limit(1).executeTakeFirst()) === undefined) return;
  await trx.deleteFrom('event').where('run_id', 'in', expired).execute();
  await trx
    .deleteFrom('materialization')
    .where('run_id', 'in', expired)
    .where('id', 'not in', trx.selectFrom('latest').select('materialization_id'))
    .execute();
  await trx.deleteFrom('run').where('started_at', '<', before).where('status', '!=', 'running').execute();
}
