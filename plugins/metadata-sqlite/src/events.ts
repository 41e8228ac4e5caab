import type { EventFilter, Store, StoredEvent, VpEvent } from '@vp/plugin-sdk';
import type { Access } from './access.ts';
import { bulkInsert } from './bulk-insert.ts';
import type { MetadataDatabase } from './database.ts';
import { fromJsonText, toJsonText } from './json-text.ts';

/** The event log. */
export function eventStore(access: Access): Pick<Store, 'appendEvents' | 'events'> {
  const { db } = access;
  const insert = bulkInsert({ run_id: '', step_id: '', type: '', at: 0, event_json: '' }, (rows) =>
    db.insertInto('event').values(rows).compile(),
  );

  return {
    async appendEvents(events) {
      if (events.length === 0) return;
      const rows = events.map((event) => ({
        run_id: event.runId ?? '',
        step_id: event.stepId ?? '',
        type: event.type,
        at: event.at,
        event_json: toJsonText(event, `an event ${event.type}`),
      }));
      await access.write('process', (trx) => insert(trx, rows));
    },

    async events(filter) {
      const rows = await access.read(() => select(db, filter).execute());
      return rows.map(
        (row): StoredEvent => ({ position: row.position, event: fromJsonText<VpEvent>(row.event_json) }),
      );
    },
  };
}

function select(db: MetadataDatabase, filter: EventFilter) {
  let query = db.selectFrom('event').select(['position', 'event_json']).orderBy('position');
  if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId);
  if (filter.stepId !== undefined) query = query.where('step_id', '=', filter.stepId);
  if (filter.types !== undefined) query = query.where('type', 'in', filter.types);
  if (filter.after !== undefined) query = query.where('position', '>', filter.after);
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  return query;
}
