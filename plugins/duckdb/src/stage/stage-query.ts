import type { TableSchema } from '@vp/plugin-sdk';
import type { Settings } from '../config.ts';
import type { Database, Session } from '../native/database.ts';
import { byteOffset } from '../sql/offsets.ts';
import { bindAll, type RenderedSql } from '../sql/render.ts';
import { body, describeColumns, prepareQuery, sqlError, toActualColumns } from '../sql/statement.ts';
import { type Projection, project } from './project.ts';
import { COPY_PREFIX, type Written, type WrittenFile, writeParquet } from './write-parquet.ts';

/** Data in a folder that is to become a snapshot. */
export interface StagedData {
  readonly schema: TableSchema;
  readonly files: readonly WrittenFile[];
}

interface QueryStage {
  readonly session: Session;
  readonly database: Database;
  readonly settings: Settings;
  readonly sql: RenderedSql;
  readonly schema: TableSchema | undefined;
  readonly folder: string;
  readonly progress: (fraction: number) => void;
}

/**
 * Runs a query into a folder. Planning a query twice, to know its columns before it runs, would cost a
 * few milliseconds of each asset: so it runs at once, and a second connection finds the columns out
 * meanwhile. Mostly they can be stored as they are; when not, it starts again with casts.
 */
export async function stageQuery(stage: QueryStage): Promise<StagedData> {
  const { session, database, sql } = stage;
  const text = body(sql.text);
  const eager = settled(write(stage, text));
  let projection: Projection;
  try {
    projection = await database.use(session.signal, (other) => plan(other, stage));
  } catch (error) {
    session.connection.interrupt();
    await eager;
    throw error;
  }
  if (!projection.isIdentity) {
    session.connection.interrupt();
    await eager;
    return finish(projection, await write(stage, projection.select(`(${text}\n)`), text));
  }
  const outcome = await eager;
  if ('error' in outcome) throw outcome.error;
  return finish(projection, outcome.value);
}

async function plan(session: Session, { sql, schema }: QueryStage): Promise<Projection> {
  const statement = await prepareQuery(session, sql);
  try {
    return project(toActualColumns(await describeColumns(session, sql, statement)), schema);
  } finally {
    statement.destroySync();
  }
}

async function write(stage: QueryStage, select: string, text = select): Promise<Written> {
  const { session, settings, sql, folder } = stage;
  try {
    return await writeParquet({
      session,
      settings,
      select,
      ...(select === text ? {} : { relation: `(${text}\n)` }),
      folder,
      progress: stage.progress,
      file: 'part-0.parquet',
      bind: (copy) => bindAll(session.native, copy, sql),
    });
  } catch (error) {
    session.signal.throwIfAborted();
    throw sqlError(error, sql, COPY_PREFIX + byteOffset(select, Math.max(0, select.indexOf(text))));
  }
}

function finish(projection: Projection, written: Written): StagedData {
  written.checkNulls(projection);
  return { schema: projection.schema, files: [written] };
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
