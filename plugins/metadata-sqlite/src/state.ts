import type { Json, Store } from '@vp/plugin-sdk';
import { sql } from 'kysely';
import type { Access } from './access.ts';
import { fromJsonText, toJsonText } from './json-text.ts';

/** Small values with a version each, written by compare-and-set. */
export function stateStore(access: Access): Pick<Store, 'getState' | 'putState' | 'listState'> {
  const { db } = access;
  return {
    async getState(key) {
      const row = await access.read(() =>
        db.selectFrom('state').selectAll().where('key', '=', key).executeTakeFirst(),
      );
      if (row === undefined || row.value_json === null) return undefined;
      return { value: fromJsonText<Json>(row.value_json), version: row.version };
    },

    async putState(key, value, expected) {
      const value_json = value === undefined ? null : toJsonText(value, `state ${key}`);
      return await access.write('power', async (trx) => {
        const found = await trx.selectFrom('state').selectAll().where('key', '=', key).executeTakeFirst();
        const version = found === undefined || found.value_json === null ? 0 : found.version;
        if (version !== expected) return false;
        if (found === undefined && value_json === null) return true;
        const row = { value_json, version: (found?.version ?? 0) + 1 };
        await trx
          .insertInto('state')
          .values({ key, ...row })
          .onConflict((oc) => oc.column('key').doUpdateSet(row))
          .execute();
        return true;
      });
    },

    async listState(prefix) {
      const query = db
        .selectFrom('state')
        .select('key')
        .where('key', '>=', prefix)
        .where(sql`substr(key, 1, length(${prefix}))`, '=', prefix)
        .where('value_json', 'is not', null)
        .orderBy('key');
      const rows = await access.read(() => query.execute());
      return rows.map((row) => row.key);
    },
  };
}
