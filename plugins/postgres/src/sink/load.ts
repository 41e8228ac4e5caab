import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import {
  abortable,
  type CallContext,
  type ColumnFit,
  type CsvDialect,
  type DataFile,
  type Payload,
  type RowsPayload,
  type TransferStats,
} from '@vp/plugin-sdk';
import type { Session } from '../connection/server.ts';
import { errors } from '../errors.ts';
import { quoteName, quoteTable, quoteText, type TableName } from '../names.ts';
import { CopyIn } from '../wire/copy-in.ts';
import { copyField, encoderOf } from './encode.ts';

/** Text is sent to the server in pieces of about this many characters. */
const pieceLength = 1 << 18;

/** Loads a payload into a table by COPY. A failure leaves the table as it was. */
export async function load(request: {
  readonly session: Session;
  readonly table: TableName;
  readonly payload: Payload;
  readonly context: CallContext;
}): Promise<TransferStats> {
  const { session, table, payload, context } = request;
  const names = payload.schema.fields.map(({ name }) => quoteName(name)).join(', ');
  const into = `copy ${quoteTable(table)} (${names}) from stdin`;
  let bytes = 0;
  let rows = 0;
  const copy = async (statement: string, data: AsyncIterable<Uint8Array>, isFramed = false) => {
    const target = session.client.query(new CopyIn(statement));
    await target.open();
    try {
      for await (const chunk of abortable(data, context.signal)) {
        bytes += chunk.length;
        await (isFramed ? target.forward(chunk) : target.write(chunk));
      }
    } catch (error) {
      await target.fail();
      throw error;
    }
    rows += await target.end();
  };
  if (payload.carrier === 'rows') await copy(into, rowsText(payload, context));
  else if (payload.format === 'postgres-copy' && payload.carrier === 'stream')
    await copy(`${into} (format binary)`, payload.stream, true);
  else if (payload.format === 'csv' && payload.carrier === 'stream')
    await copy(`${into} ${csvOptions(payload.csv)}`, payload.stream);
  else if (payload.format === 'csv' && payload.carrier === 'files') {
    for (const file of payload.files) await copy(`${into} ${csvOptions(payload.csv)}`, fileBytes(file));
  } else throw errors.VP_POSTGRES_FORMAT({ format: payload.format, carrier: payload.carrier });
  return { rows, bytes };
}

async function* rowsText(payload: RowsPayload, context: CallContext): AsyncGenerator<Uint8Array> {
  const { fields } = payload.schema;
  const encoders = fields.map(encoderOf);
  let text = '';
  for await (const { length, columns } of payload.batches) {
    context.signal.throwIfAborted();
    for (let row = 0; row < length; row++) {
      for (let index = 0; index < encoders.length; index++) {
        const value = columns[index]?.[row] ?? null;
        if (index > 0) text += '\t';
        text += value === null ? '\\N' : copyField(encoders[index]?.(value) ?? '');
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

function csvOptions(dialect: CsvDialect | undefined): string {
  const {
    delimiter = ',',
    quote = '"',
    escape: escapeBy = '"',
    header = true,
    nullText = '',
    encoding = 'utf-8',
  } = dialect ?? {};
  const options = [
    'format csv',
    `delimiter ${quoteText(delimiter)}`,
    `quote ${quoteText(quote)}`,
    `escape ${quoteText(escapeBy)}`,
    `null ${quoteText(nullText)}`,
    `header ${header}`,
    `encoding ${quoteText(encoding === 'latin-1' ? 'LATIN1' : 'UTF8')}`,
  ];
  return `(${options.join(', ')})`;
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

/** Types whose text in CSV means the same to the server as to everybody else. */
const plainInCsv = new Set([
  ...['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'],
  ...['decimal', 'utf8', 'date', 'time', 'timestamp', 'uuid', 'json', 'enum'],
]);

/** Formats in which these columns can be loaded. */
export function formatsFor(
  fits: readonly ColumnFit[],
  sourceNatives: readonly (string | undefined)[],
): readonly string[] {
  const isSame = fits.length > 0 && fits.every((fit, index) => fit.native === sourceNatives[index]);
  const isPlain = fits.every((fit) => plainInCsv.has(fit.type.kind));
  return [...(isSame ? ['postgres-copy'] : []), ...(isPlain ? ['csv'] : []), 'rows'];
}
