import { createWriteStream } from 'node:fs';
import { constants, copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  type CallContext,
  type DataFile,
  type FilesPayload,
  type LogicalType,
  type Payload,
  type StreamPayload,
  sameType,
  type TableSchema,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { loadRows } from '../native/load-rows.ts';
import { mapLeaves } from '../native/map-leaves.ts';
import type { Native } from '../native/reader.ts';
import { identifier, literal } from '../native/sql.ts';
import { toNative } from '../native/types.ts';
import { acceptedFormats, copyOptions, type OutputFormat, sameDialect } from './formats.ts';
import { payloadRelation } from './payload-relation.ts';

/** What {@link stagePayload} works with. */
export interface StageInit {
  readonly native: Native;
  readonly output: OutputFormat;
  readonly schema: TableSchema;
  /** Folder for the parts; on the file system of the destination. */
  readonly staging: string;
  /** Name of the part, unique in the folder. */
  readonly part: string;
  readonly context: CallContext;
}

/** A complete file that is not at its place yet. */
export interface StagedPart {
  readonly path: string;
  readonly rows: number;
}

/** Brings a payload into one file of the output's format: moved or copied as it is where that does, else converted natively. */
export async function stagePayload(payload: Payload, init: StageInit): Promise<StagedPart> {
  const path = join(init.staging, `${init.part}.${init.output.extension}`);
  if (payload.carrier === 'rows') {
    return await withConnection(init, async (connection) => {
      const { staging: folder, part: name, context } = init;
      const { rows, relation } = await loadRows({ connection, payload, folder, name, context });
      await copyTo(connection, relation, path, init);
      return { path, rows };
    });
  }
  if (payload.carrier === 'relation' || !acceptedFormats(init.output).includes(payload.format)) {
    const accepted = acceptedFormats(init.output).join(', ');
    throw errors.VP_FILES_NOT_ACCEPTED({ format: payload.format, accepted });
  }
  const files = payload.carrier === 'stream' ? await spool(payload, init) : payload;
  const [only] = files.files;
  if (only !== undefined && files.files.length === 1 && isAsWanted(files, only, init.output)) {
    await moveOrCopy(only, path);
    return { path, rows: await countRows(files, path, init) };
  }
  return await withConnection(init, async (connection) => {
    const rows = await copyTo(connection, payloadRelation(files), path, init);
    return { path, rows };
  });
}

/** Several parts as one file, in order. */
export async function mergeParts(parts: readonly StagedPart[], init: StageInit): Promise<StagedPart> {
  const path = join(init.staging, `${init.part}.${init.output.extension}`);
  return await withConnection(init, async (connection) => {
    const rows = await copyTo(
      connection,
      payloadRelation(
        outputPayload(
          parts.map((p) => p.path),
          init,
        ),
      ),
      path,
      init,
    );
    return { path, rows };
  });
}

/** A file of the output's format without rows. */
export async function emptyPart(init: StageInit): Promise<StagedPart> {
  const path = join(init.staging, `${init.part}.${init.output.extension}`);
  const columns = init.schema.fields.map((f) => `cast(null as ${toNative(f.type)}) as ${identifier(f.name)}`);
  return await withConnection(init, async (connection) => {
    await copyTo(connection, `(select ${columns.join(', ')} limit 0)`, path, init);
    return { path, rows: 0 };
  });
}

function outputPayload(paths: readonly string[], { output, schema }: StageInit): FilesPayload {
  const compression = output.format === 'parquet' ? undefined : output.compression;
  return {
    carrier: 'files',
    format: output.format,
    schema,
    csv: output.dialect,
    files: paths.map((uri) => ({ uri, ...(compression === undefined ? {} : { compression }) })),
  };
}

function isAsWanted(payload: FilesPayload, file: DataFile, output: OutputFormat): boolean {
  if (payload.format !== output.format || file.partition !== undefined) return false;
  if (output.format === 'parquet')
    return output.compression === undefined || output.compression === file.compression;
  if ((file.compression ?? 'none') !== output.compression) return false;
  return (
    output.format === 'ndjson' || (payload.csv !== undefined && sameDialect(payload.csv, output.dialect))
  );
}

async function moveOrCopy(file: DataFile, path: string): Promise<void> {
  if (file.temporary === true && (await moved(file.uri, path))) return;
  await copyFile(file.uri, path, constants.COPYFILE_FICLONE);
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    // Another file system: copied instead.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EXDEV')
      return false;
    throw error;
  }
}

/** Writes a byte stream into a file, so that it can be read natively. */
async function spool(payload: StreamPayload, init: StageInit): Promise<FilesPayload> {
  const uri = join(init.staging, `${init.part}.spool.${payload.format}`);
  await pipeline(Readable.from(payload.stream), createWriteStream(uri), { signal: init.context.signal });
  const { stream: _, ...facts } = payload;
  return { ...facts, carrier: 'files', files: [{ uri, compression: 'none', temporary: true }] };
}

async function countRows(payload: FilesPayload, path: string, init: StageInit): Promise<number> {
  const relation = payloadRelation({ ...payload, files: [{ ...payload.files[0], uri: path }] });
  const query =
    payload.format === 'parquet'
      ? `select sum(num_rows) as n from parquet_file_metadata(${literal(path)})`
      : `select count(*) as n from ${relation}`;
  const [row] = await init.native.facts(query);
  return Number(row?.n ?? 0);
}

async function copyTo(
  connection: DuckDBConnection,
  relation: string,
  path: string,
  { schema, output }: StageInit,
): Promise<number> {
  const columns = schema.fields.map((f) => {
    const name = identifier(f.name);
    const typed = `cast(${name} as ${toNative(f.type)})`;
    // JSON numbers are doubles to most readers: decimals are kept as text.
    const kept =
      output.format === 'ndjson' && hasDecimal(f.type)
        ? `cast(${typed} as ${toNative(decimalsAsText(f.type))})`
        : typed;
    return `${kept} as ${name}`;
  });
  const result = await connection.run(
    `copy (select ${columns.join(', ')} from ${relation}) to ${literal(path)} (${copyOptions(output)})`,
  );
  return result.rowsChanged;
}

async function withConnection<T>(
  { native, context }: StageInit,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await native.connect();
  const interrupt = () => connection.interrupt();
  context.signal.addEventListener('abort', interrupt, { once: true });
  try {
    context.signal.throwIfAborted();
    return await use(connection);
  } catch (error) {
    context.signal.throwIfAborted();
    throw error;
  } finally {
    context.signal.removeEventListener('abort', interrupt);
    connection.closeSync();
  }
}

const decimalsAsText = (type: LogicalType): LogicalType =>
  mapLeaves(type, (leaf) => (leaf.kind === 'decimal' ? { kind: 'utf8' } : leaf));

const hasDecimal = (type: LogicalType): boolean => !sameType(type, decimalsAsText(type));
