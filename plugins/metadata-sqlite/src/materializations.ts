import type { MaterializationRecord, Store } from '@vp/plugin-sdk';
import type { Access } from './access.ts';
import { bulkInsert } from './bulk-insert.ts';
import { fromJsonText, toJsonText } from './json-text.ts';

type MaterializationMethods = Pick<Store, 'putMaterializations' | 'materializations' | 'history'>;

/** Names in one statement; SQLite takes 32,766 parameters at most. */
const namesPerQuery = 500;

/** Which step made what, from what: the newest of each step, and the history. */
export function materializationStore(access: Access): MaterializationMethods {
  const { db } = access;
  const insert = bulkInsert(
    { id: 0, step_id: '', asset: '', run_id: '', version: '', at: 0, record_json: '' },
    (rows) => db.insertInto('materialization').values(rows).compile(),
  );
  const pointLatest = bulkInsert({ step_id: '', asset: '', materialization_id: 0 }, (rows) =>
    db
      .insertInto('latest')
      .values(rows)
      .onConflict((oc) =>
        oc.column('step_id').doUpdateSet((eb) => ({
          asset: eb.ref('excluded.asset'),
          materialization_id: eb.ref('excluded.materialization_id'),
        })),
      )
      .compile(),
  );
  const newestId = db
    .selectFrom('materialization')
    .select((eb) => eb.fn.max('id').as('id'))
    .compile();

  return {
    async putMaterializations(records) {
      if (records.length === 0) return;
      const rows = records.map((record) => ({
        step_id: record.stepId,
        asset: record.asset,
        run_id: record.runId,
        version: record.version,
        at: record.at,
        record_json: toJsonText(record, `the record of ${record.stepId}`),
      }));
      await access.write('process', async (trx) => {
        // The write lock is ours: nobody else takes these ids.
        const before = (await trx.executeQuery(newestId)).rows[0]?.id ?? 0;
        await insert(
          trx,
          rows.map((row, i) => ({ id: before + 1 + i, ...row })),
        );
        await pointLatest(
          trx,
          rows.map((row, i) => ({
            step_id: row.step_id,
            asset: row.asset,
            materialization_id: before + 1 + i,
          })),
        );
      });
    },

    async materializations({ assets }) {
      const query = db
        .selectFrom('latest')
        .innerJoin('materialization', 'materialization.id', 'latest.materialization_id')
        .select('materialization.record_json')
        .orderBy('latest.step_id');
      if (assets === undefined) return parse(await access.read(() => query.execute()));
      const found: MaterializationRecord[] = [];
      for (let i = 0; i < assets.length; i += namesPerQuery) {
        const names = assets.slice(i, i + namesPerQuery);
        found.push(...parse(await access.read(() => query.where('latest.asset', 'in', names).execute())));
      }
      return found;
    },

    async history({ stepId, limit }) {
      const all = db
        .selectFrom('materialization')
        .select('record_json')
        .where('step_id', '=', stepId)
        .orderBy('id', 'desc');
      const query = limit === undefined ? all : all.limit(limit);
      return parse(await access.read(() => query.execute()));
    },
  };
}

function parse(rows: readonly { readonly record_json: string }[]): readonly MaterializationRecord[] {
  return rows.map((row) => fromJsonText<MaterializationRecord>(row.record_json));
}
