import type { CallContext, FilesPayload, Payload, StreamPayload, TableSchema } from '@vp/plugin-sdk';
import type { Settings } from '../config.ts';
import { errors } from '../errors.ts';
import type { Database, Session } from '../native/database.ts';
import { quoteName } from '../sql/quote.ts';
import { plainSql } from '../sql/render.ts';
import { describeColumns, prepareQuery, toActualColumns } from '../sql/statement.ts';
import { toDuckType } from '../types/duck-type.ts';
import { fileScan, textScan } from './file-scan.ts';
import { ingestRows } from './ingest-rows.ts';
import { payloadError } from './payload-error.ts';
import { openPipe, openSpool } from './pipe.ts';
import { type Projection, project, refuseDuplicates } from './project.ts';
import type { StagedData } from './stage-query.ts';
import { type WrittenFile, writeParquet } from './write-parquet.ts';

export const accepts = ['relation', 'parquet', 'csv', 'ndjson', 'json', 'rows'] as const;

interface Ingest {
  readonly session: Session;
  readonly database: Database;
  readonly settings: Settings;
  readonly folder: string;
  readonly context: CallContext;
}

/** Drains payloads into a folder. */
export async function stagePayload(
  ingest: Ingest & { readonly parts: readonly Payload[]; readonly schema: TableSchema | undefined },
): Promise<StagedData> {
  const { parts, schema: declared } = ingest;
  const target = declared ?? parts[0]?.schema;
  if (target === undefined) throw errors.VP_DUCKDB_BATCH({ reason: 'there are no parts and no schema' });
  const files: WrittenFile[] = [];
  const write = async (session: Session, projection: Projection, relation: string) => {
    const written = await writeParquet({
      session,
      settings: ingest.settings,
      select: projection.select(relation),
      relation,
      folder: ingest.folder,
      progress: (fraction) => ingest.context.progress({ fraction, activity: 'writing' }),
      file: `part-${files.length}.parquet`,
    });
    written.checkNulls(projection);
    files.push(written);
    ingest.context.progress({ rows: files.reduce((sum, f) => sum + f.rows, 0), activity: 'writing' });
  };
  for (const part of parts) {
    refuseDuplicates(part.schema.fields);
    switch (part.carrier) {
      case 'rows':
        await takeRows(ingest, part.schema, target, part, write);
        break;
      case 'files':
        await takeFiles(ingest, target, part, write);
        break;
      case 'stream':
        await takeStream(ingest, target, part, write);
        break;
      case 'relation': {
        if (part.engine !== 'duckdb') throw unsupported(`a relation of ${part.engine}`, part.carrier);
        const sql = plainSql(`SELECT * FROM ${part.sql}`);
        const columns = await describeColumns(ingest.session, sql, await prepareQuery(ingest.session, sql));
        await write(ingest.session, project(toActualColumns(columns), target), part.sql);
      }
    }
  }
  if (files.length === 0) await write(ingest.session, project(target.fields, target), emptyRelation(target));
  return { schema: project(target.fields, target).schema, files };
}

type Write = (session: Session, projection: Projection, relation: string) => Promise<void>;

async function takeRows(
  { session, database, context }: Ingest,
  schema: TableSchema,
  target: TableSchema,
  payload: Extract<Payload, { carrier: 'rows' }>,
  write: Write,
): Promise<void> {
  const projection = project(schema.fields, target);
  await ingestRows({
    session,
    payload,
    // On a connection of its own, so that the next segment fills meanwhile.
    flush: (table) => database.use(session.signal, (other) => write(other, projection, table)),
    progress: (rows) => context.progress({ rows, activity: 'reading' }),
  });
}

async function takeFiles(
  { session }: Ingest,
  target: TableSchema,
  payload: FilesPayload,
  write: Write,
): Promise<void> {
  if (!['csv', 'json', 'ndjson', 'parquet'].includes(payload.format))
    throw unsupported(payload.format, payload.carrier);
  if (payload.files.length === 0) return;
  try {
    const scan = await fileScan(session, payload);
    await write(session, project(scan.columns, target), scan.relation);
  } catch (error) {
    session.signal.throwIfAborted();
    throw await payloadError(error, payload);
  }
}

async function takeStream(
  ingest: Ingest,
  target: TableSchema,
  payload: StreamPayload,
  write: Write,
): Promise<void> {
  const { session, folder } = ingest;
  if (!['csv', 'json', 'ndjson'].includes(payload.format)) throw unsupported(payload.format, payload.carrier);
  // DuckDB's JSON reader takes a short read from a pipe for the end of the data.
  const hasPipe = payload.format === 'csv' && process.platform !== 'win32';
  const file = hasPipe
    ? await openPipe(payload.stream, folder)
    : await openSpool(payload.stream, folder, session.signal);
  try {
    const scan = textScan({
      format: payload.format,
      csv: payload.csv,
      paths: [file.path],
      fields: payload.schema.fields,
    });
    let producerError: { readonly error: unknown } | undefined;
    const reading = write(session, project(scan.columns, target), scan.relation).finally(() => file.stop());
    const feeding = file.feed(session.signal).catch((error: unknown) => {
      // The reader must not take the end of a broken stream for the end of the data.
      producerError = { error };
      session.connection.interrupt();
    });
    const [outcome] = await Promise.allSettled([reading, feeding]);
    if (producerError !== undefined) throw producerError.error;
    if (outcome.status === 'rejected') throw outcome.reason;
  } catch (error) {
    session.signal.throwIfAborted();
    throw await payloadError(error, payload);
  } finally {
    await file.remove();
  }
}

function emptyRelation(schema: TableSchema): string {
  const columns = schema.fields.map(
    (f) => `CAST(NULL AS ${toDuckType(f.type, f.name)}) AS ${quoteName(f.name)}`,
  );
  return `(SELECT ${columns.join(', ')} WHERE false)`;
}

function unsupported(format: string, carrier: string) {
  return errors.VP_DUCKDB_PAYLOAD_UNSUPPORTED({ format, carrier, accepts });
}
