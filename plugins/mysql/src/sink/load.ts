import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import {
  abortable,
  type CallContext,
  type ColumnFit,
  conversion,
  type DataFile,
  type Field,
  type Payload,
  type RowBatch,
  standardCsv,
  type TransferStats,
} from '@vp/plugin-sdk';
import type { Session } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteTable, quoteText, type TableName } from '../names.ts';
import { LoadStream } from '../wire/load-stream.ts';
import { loadField, loadLines } from './csv.ts';
import { type ColumnWriter, columnWriter } from './encode.ts';

/** Text is sent to the server in pieces of about this many characters. */
const pieceLength = 1 << 18;

/** Loads a payload into a table, in a transaction of its own. A failure leaves the table as it was. */
export async function load(request: {
  readonly session: Session;
  readonly table: TableName;
  readonly payload: Payload;
  readonly fits: readonly ColumnFit[];
  readonly context: CallContext;
}): Promise<TransferStats> {
  const { session, table, payload, fits, context } = request;
  const { fields } = payload.schema;
  const byColumn = new Map(fits.map((fit) => [fit.column, fit]));
  const writers = fields.map((field) => columnWriter(field, byColumn.get(field.name) ?? unknown(field)));
  // LOCAL turns errors into warnings: each is one value that was changed. Where a loss was allowed, notes are not.
  const isExact = fields.every((field) => {
    const fit = byColumn.get(field.name);
    return fit !== undefined && conversion(field.type, fit.type).outcome !== 'lossy';
  });
  await session.query(`set session sql_notes = ${isExact ? 1 : 0}`);
  await session.query('start transaction');
  let stats: { readonly rows: number; readonly bytes: number };
  if (payload.carrier === 'rows') {
    const batches = abortable(payload.batches, context.signal);
    stats = session.flavour.takesLocalFiles
      ? await loadBytes(session, loadSql(table, writers), linesOf(batches, writers))
      : await insertRows({ session, table, writers, batches });
  } else if (payload.format === 'csv' && payload.carrier !== 'relation') {
    const sql = loadSql(table, writers, fields);
    const dialect = payload.csv ?? standardCsv;
    const streams = payload.carrier === 'stream' ? [payload.stream] : payload.files.map(fileBytes);
    stats = { rows: 0, bytes: 0 };
    for (const stream of streams) {
      const part = await loadBytes(session, sql, loadLines(abortable(stream, context.signal), dialect));
      stats = { rows: stats.rows + part.rows, bytes: stats.bytes + part.bytes };
    }
  } else throw errors.VP_MYSQL_FORMAT({ format: payload.format, carrier: payload.carrier });
  await session.query('commit');
  return stats;
}

async function loadBytes(session: Session, sql: string, data: AsyncIterable<Uint8Array>) {
  const load = session.run(new LoadStream(sql), () => {
    // The data's own stream ends with the abort, and the connection with it.
  });
  let bytes = 0;
  await load.open();
  for await (const chunk of data) {
    bytes += chunk.length;
    await load.write(chunk);
  }
  const { rows, warnings } = await load.end();
  if (warnings > 0) {
    const [first] = await session.query('show warnings limit 1');
    throw errors.VP_MYSQL_CHANGED_VALUES({
      count: warnings,
      reason: first?.Message ?? 'it does not say which',
    });
  }
  return { rows, bytes };
}

function loadSql(table: TableName, writers: readonly ColumnWriter[], csv?: readonly Field[]): string {
  const targets: string[] = [];
  const set: string[] = [];
  writers.forEach(({ name, as }, index) => {
    const isWord = csv?.[index]?.type.kind === 'bool';
    if (as === 'plain' && !isWord) {
      targets.push(quoteName(name));
      return;
    }
    targets.push(`@v${index}`);
    set.push(`${quoteName(name)} = ${isWord ? boolSql(`@v${index}`) : valueSql(`@v${index}`, as)}`);
  });
  return (
    `load data local infile 'vp' into table ${quoteTable(table)} character set utf8mb4 ` +
    String.raw`fields terminated by '\t' escaped by '\\' lines terminated by '\n' ` +
    `(${targets.join(', ')})${set.length === 0 ? '' : ` set ${set.join(', ')}`}`
  );
}

const valueSql = (text: string, as: ColumnWriter['as']): string =>
  as === 'hex' ? `unhex(${text})` : as === 'bits' ? `cast(${text} as unsigned)` : text;

/** What is no truth value becomes what is no number, which is refused. */
const boolSql = (text: string): string =>
  `case lower(${text}) when 'true' then 1 when 't' then 1 when '1' then 1 when 'false' then 0 when 'f' then 0
        when '0' then 0 else concat(${text}, ' (no bool)') end`;

async function* linesOf(
  batches: AsyncIterable<RowBatch>,
  writers: readonly ColumnWriter[],
): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const { length, columns } of batches) {
    for (let row = 0; row < length; row++) {
      for (let index = 0; index < writers.length; index++) {
        const value = columns[index]?.[row] ?? null;
        if (index > 0) text += '\t';
        const { encode, escapes } = writers[index] as ColumnWriter;
        text += value === null ? '\\N' : escapes ? loadField(encode(value)) : encode(value);
      }
      text += '\n';
      if (text.length >= pieceLength) {
        yield Buffer.from(text);
        text = '';
      }
    }
  }
  if (text.length > 0) yield Buffer.from(text);
}

/** Where the server takes no LOAD DATA LOCAL: INSERTs of many rows. Errors are errors there. */
async function insertRows(request: {
  readonly session: Session;
  readonly table: TableName;
  readonly writers: readonly ColumnWriter[];
  readonly batches: AsyncIterable<RowBatch>;
}): Promise<{ readonly rows: number; readonly bytes: number }> {
  const { session, table, writers, batches } = request;
  const head = `insert into ${quoteTable(table)} (${writers.map(({ name }) => quoteName(name)).join(', ')}) values `;
  let rows = 0;
  let bytes = 0;
  let values: string[] = [];
  let size = 0;
  const send = async () => {
    if (values.length === 0) return;
    await session.query(head + values.join(','));
    bytes += size;
    values = [];
    size = 0;
  };
  for await (const { length, columns } of batches) {
    for (let row = 0; row < length; row++) {
      const tuple = writers.map(({ encode, as }, index) => {
        const value = columns[index]?.[row] ?? null;
        return value === null ? 'null' : valueSql(quoteText(encode(value)), as);
      });
      const text = `(${tuple.join(',')})`;
      values.push(text);
      rows += 1;
      size += text.length;
      if (size >= pieceLength) await send();
    }
  }
  await send();
  return { rows, bytes };
}

function fileBytes({ uri, compression = 'none' }: DataFile): AsyncIterable<Uint8Array> {
  const file = createReadStream(uri.startsWith('file:') ? fileURLToPath(uri) : uri, {
    highWaterMark: 1 << 18,
  });
  if (compression === 'none') return file;
  const unpacked = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  // An error of the file must reach the reader of what is unpacked.
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

const unknown = (field: Field): ColumnFit => ({
  column: field.name,
  name: field.name,
  type: field.type,
  native: '',
});

/** Types whose text in CSV means the same to the server as to everybody else. */
const plainInCsv = new Set([
  ...['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'],
  ...['decimal', 'utf8', 'date', 'time', 'uuid', 'json', 'enum'],
]);

/** Formats in which these columns can be loaded. */
export function formatsFor(
  { takesLocalFiles }: Session['flavour'],
  fields: readonly Field[],
  fits: readonly ColumnFit[],
): readonly string[] {
  const byColumn = new Map(fits.map((fit) => [fit.column, fit]));
  const isPlain = fields.every(({ name, type }) => {
    const fit = byColumn.get(name);
    const isClock = type.kind === 'timestamp' && type.tz === undefined && type.unit !== 'ns';
    return (
      fit?.type.kind === type.kind &&
      !/^(bit|year)/.test(fit.native) &&
      (isClock || plainInCsv.has(type.kind))
    );
  });
  return takesLocalFiles && isPlain ? ['csv', 'rows'] : ['rows'];
}
