import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type DataFile, type Payload, standardCsv } from '@vp/contracts';
import { collectRows } from '../../rows/collect-rows.ts';
import type { Row } from '../../rows/row.ts';
import { ensure } from '../ensure.ts';
import { decodeCsv } from './decode-csv.ts';
import { decodeJson } from './decode-json.ts';
import { parseText } from './parse-text.ts';

/** Turns a payload of one format into rows. Subjects bring those of vendor formats. */
export type Decoder = (payload: Payload) => Promise<readonly Row[]>;

/** Decoders by format. `rows`, `csv`, `json` and `ndjson` are there already. */
export type Decoders = Readonly<Record<string, Decoder>>;

const standard: Decoders = {
  rows: collectRows,
  csv: decodeText((payload, text) =>
    decodeCsv(text, payload.schema, ('csv' in payload ? payload.csv : undefined) ?? standardCsv),
  ),
  json: decodeText((payload, text) => decodeJson(text, payload.schema, false)),
  ndjson: decodeText((payload, text) => decodeJson(text, payload.schema, true)),
};

/** The rows of a payload, by the subject's decoder of its format or by one of the kit's. */
export async function decode(payload: Payload, own: Decoders = {}): Promise<readonly Row[]> {
  const decoder = own[payload.format] ?? standard[payload.format];
  ensure(
    decoder !== undefined,
    `the kit cannot read the format ${payload.format}: give the subject \`decoders: { ${JSON.stringify(payload.format)}: … }\``,
  );
  return decoder(payload);
}

function decodeText(parse: (payload: Payload, text: string) => readonly Row[]): Decoder {
  return async (payload) => {
    if (payload.carrier === 'stream') {
      const chunks: Uint8Array[] = [];
      for await (const chunk of payload.stream) chunks.push(chunk);
      return parse(payload, Buffer.concat(chunks).toString('utf8'));
    }
    ensure(payload.carrier === 'files', `${payload.format} cannot come as ${payload.carrier}`);
    const files = await Promise.all(
      payload.files.map(async (file) =>
        parse(payload, await readText(file)).map((row) => withPartition(row, payload, file)),
      ),
    );
    return files.flat();
  };
}

async function readText(file: DataFile): Promise<string> {
  const bytes = await readFile(file.uri.startsWith('file:') ? fileURLToPath(file.uri) : file.uri);
  if (file.compression === 'gzip') return gunzipSync(bytes).toString('utf8');
  if (file.compression === 'zstd') return zstdDecompressSync(bytes).toString('utf8');
  return bytes.toString('utf8');
}

function withPartition(row: Row, payload: Payload, file: DataFile): Row {
  const values = payload.schema.fields.flatMap((field) => {
    const text = file.partition?.[field.name];
    return text === undefined ? [] : [[field.name, parseText(field.type, text)] as const];
  });
  return { ...row, ...Object.fromEntries(values) };
}
