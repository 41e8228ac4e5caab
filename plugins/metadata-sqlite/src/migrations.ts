import { type Kysely, sql } from 'kysely';

/** Brings the schema from the version before to this one. Never changed once released. */
export type Migration = (db: Kysely<never>) => Promise<void>;

/** `migrations[n]` makes version n + 1, which is kept in `PRAGMA user_version`. */
export const migrations: readonly Migration[] = [initial];

async function initial(db: Kysely<never>): Promise<void> {
  // AUTOINCREMENT: a reader that has seen position n must never miss a later event below n.
  await db.schema
    .createTable('event')
    .addColumn('position', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('run_id', 'text', (c) => c.notNull())
    .addColumn('step_id', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addColumn('event_json', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('event_by_run').on('event').column('run_id').execute();

  await db.schema
    .createTable('run')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('started_at', 'integer', (c) => c.notNull())
    .addColumn('finished_at', 'integer')
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('process_start', 'text')
    .addColumn('run_json', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('run_by_start').on('run').columns(['started_at', 'id']).execute();
  await db.schema.createIndex('run_by_status').on('run').column('status').execute();

  await db.schema
    .createTable('materialization')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('step_id', 'text', (c) => c.notNull())
    .addColumn('asset', 'text', (c) => c.notNull())
    .addColumn('run_id', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addColumn('record_json', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('materialization_by_step').on('materialization').column('step_id').execute();

  await db.schema
    .createTable('latest')
    .addColumn('step_id', 'text', (c) => c.primaryKey())
    .addColumn('asset', 'text', (c) => c.notNull())
    .addColumn('materialization_id', 'integer', (c) => c.notNull())
    .modifyEnd(sql`without rowid`)
    .execute();
  await db.schema.createIndex('latest_by_asset').on('latest').column('asset').execute();

  await db.schema
    .createTable('state')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value_json', 'text')
    .addColumn('version', 'integer', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('lock')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('token', 'text', (c) => c.notNull())
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('process_start', 'text')
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('since', 'integer', (c) => c.notNull())
    .execute();
}
