import type { RunFilter, RunRecord, Store, VpEvent } from '@vp/plugin-sdk';
import type { Access } from './access.ts';
import { crashedRun } from './crash.ts';
import type { MetadataDatabase } from './database.ts';
import { fromJsonText, toJsonText } from './json-text.ts';
import { isAlive, self, startOf } from './liveness.ts';
import { prune } from './prune.ts';

const millisecondsPerDay = 86_400_000;

/** The records of runs. */
export function runStore(
  access: Access,
  { keepRunsDays }: { readonly keepRunsDays?: number | undefined },
): Pick<Store, 'putRun' | 'runs'> {
  const { db } = access;
  /** Marks the runs whose process died without saying so. */
  async function settleCrashed(): Promise<void> {
    const query = db
      .selectFrom('run')
      .selectAll()
      .where('status', '=', 'running')
      .where('host', '=', self.host);
    const running = await access.read(() => query.execute());
    for (const row of running) {
      if (isAlive({ pid: row.pid, host: row.host, start: row.process_start })) continue;
      await access.write('process', async (trx) => {
        const events = await trx
          .selectFrom('event')
          .select('event_json')
          .where('run_id', '=', row.id)
          .where('type', '!=', 'step.progress')
          .orderBy('position')
          .execute();
        const run = crashedRun(
          fromJsonText<RunRecord>(row.run_json),
          events.map((event) => fromJsonText<VpEvent>(event.event_json)),
        );
        const { status, finishedAt = null } = run;
        await trx
          .updateTable('run')
          .set({ status, finished_at: finishedAt, run_json: toJsonText(run, `run ${row.id}`) })
          .where('id', '=', row.id)
          .where('status', '=', 'running')
          .execute();
      });
    }
  }

  return {
    async putRun(run) {
      const row = {
        id: run.id,
        status: run.status,
        started_at: run.startedAt,
        finished_at: run.finishedAt ?? null,
        pid: run.pid,
        host: run.host,
        process_start: run.host === self.host ? startOf(run.pid) : null,
        run_json: toJsonText(run, `run ${run.id}`),
      };
      const { id, ...changes } = row;
      await access.write('process', async (trx) => {
        await trx
          .insertInto('run')
          .values({ id, ...changes })
          .onConflict((oc) => oc.column('id').doUpdateSet(changes))
          .execute();
        if (keepRunsDays !== undefined && run.finishedAt !== undefined) {
          await prune(trx, run.finishedAt - keepRunsDays * millisecondsPerDay);
        }
      });
    },

    async runs(filter) {
      await settleCrashed();
      const rows = await access.read(() => select(db, filter).execute());
      return rows.map((row) => fromJsonText<RunRecord>(row.run_json));
    },
  };
}

function select(db: MetadataDatabase, filter: RunFilter) {
  let query = db.selectFrom('run').select('run_json').orderBy('started_at', 'desc').orderBy('id', 'desc');
  if (filter.id !== undefined) query = query.where('id', '=', filter.id);
  if (filter.status !== undefined) query = query.where('status', 'in', filter.status);
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  return query;
}
