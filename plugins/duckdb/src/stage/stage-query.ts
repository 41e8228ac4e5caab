import type { TableSchema } from '@vp/plugin-sdk';
import type { Settings } from '../config.ts';
import type { Session } from '../native/database.ts';
import { byteOffset } from '../sql/offsets.ts';
import { bindAll, type RenderedSql } from '../sql/render.ts';
import { body, describeColumns, prepareQuery, sqlError, toActualColumns } from '../sql/statement.ts';
import { project } from './project.ts';
import { COPY_PREFIX, type WrittenFile, writeParquet } from './write-parquet.ts';

/** Data in a folder that is to become a snapshot. */
export interface StagedData {
  readonly schema: TableSchema;
  readonly files: readonly WrittenFile[];
}

/** Runs a query into a folder. */
export async function stageQuery(options: {
  readonly session: Session;
  readonly settings: Settings;
  readonly sql: RenderedSql;
  readonly schema: TableSchema | undefined;
  readonly folder: string;
}): Promise<StagedData> {
  const { session, settings, sql, folder } = options;
  const statement = await prepareQuery(session, sql);
  const columns = toActualColumns(await describeColumns(session, sql, statement));
  statement.destroySync();
  const projection = project(columns, options.schema);
  const text = body(sql.text);
  const select = projection.isIdentity ? text : projection.select(`(${text}\n)`);
  // Only a text that stands alone keeps its places.
  const offset = COPY_PREFIX + byteOffset(select, Math.max(0, select.indexOf(text)));
  try {
    const written = await writeParquet({
      session,
      settings,
      select,
      ...(projection.isIdentity ? {} : { relation: `(${text}\n)` }),
      projection,
      folder,
      file: 'part-0.parquet',
      bind: (copy) => bindAll(session.native, copy, sql),
    });
    return { schema: projection.schema, files: [written] };
  } catch (error) {
    session.signal.throwIfAborted();
    throw sqlError(error, sql, offset);
  }
}
