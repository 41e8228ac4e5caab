import {
  type FilesPayload,
  formatType,
  isVpError,
  type SourceLocation,
  type StreamPayload,
  type VpError,
  withErrorContext,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { commonError, firstLine, MARK, parseDuckError, toVpError } from '../native/native-error.ts';
import { toPath } from './file-scan.ts';
import { locateInCsv, locateInNdjson, locateMalformed, type Wanted } from './locate.ts';

type BytesPayload = FilesPayload | StreamPayload;

/** A failure while a payload was read, with file, row and byte as far as they can be told. */
export async function payloadError(thrown: unknown, payload: BytesPayload): Promise<unknown> {
  const duck = isVpError(thrown) ? undefined : parseDuckError(thrown);
  if (duck === undefined) return isVpError(thrown) ? withRow(thrown, payload) : thrown;
  const isOurs = duck.message.includes(`VP${MARK}`);
  if (!isOurs && /CSV/.test(duck.message.split('\n')[0] ?? ''))
    return csvError(duck.message, payload, thrown);
  if (!isOurs && /JSON/.test(duck.message)) return jsonError(duck.message, payload, thrown);
  const error = commonError(duck, thrown) ?? toVpError(thrown);
  return withRow(error, payload);
}

/** An error about a value or a NULL, with the place of the first such value. */
async function withRow(error: VpError, payload: BytesPayload): Promise<VpError> {
  const { column, value } = error.details ?? {};
  const isNull = error.code === 'VP_DUCKDB_NULL';
  if (typeof column !== 'string' || payload.carrier !== 'files' || (!isNull && typeof value !== 'string'))
    return error;
  const text = typeof value === 'string' ? value : null;
  const at = await search(payload, column, text);
  return at === undefined ? error : withErrorContext(error, { at }, { code: error.code, class: error.class });
}

async function search(
  payload: FilesPayload,
  column: string,
  text: string | null,
): Promise<SourceLocation | undefined> {
  const inPath = new Set(payload.files.flatMap((f) => Object.keys(f.partition ?? {})));
  const fields = payload.schema.fields.filter((f) => !inPath.has(f.name));
  const field = fields.findIndex((f) => f.name === column);
  if (field < 0) return undefined;
  for (const file of payload.files) {
    const at =
      payload.format === 'csv'
        ? await locateInCsv(file, payload.csv, { field, text })
        : payload.format === 'ndjson'
          ? await locateInNdjson(file, column, text)
          : undefined;
    if (at !== undefined) return at;
  }
  return undefined;
}

async function csvError(message: string, payload: BytesPayload, cause: unknown): Promise<VpError> {
  const line = Number(/on Line: (\d+)/.exec(message)?.[1]);
  const excerpt = /^Original Line: ?(.*)$/m.exec(message)?.[1];
  const [reason = message] = message
    .split('\n')
    .filter((l) => l !== '' && !/^(CSV Error|Original Line)/.test(l));
  const path = payload.carrier === 'stream' ? undefined : /^\s*file = (.*)$/m.exec(message)?.[1];
  const rough = { ...(path === undefined ? {} : { file: path }), ...(Number.isFinite(line) ? { line } : {}) };
  const at = (Number.isFinite(line) ? await placeOfLine(payload, path, { line }) : undefined) ?? rough;
  const [, column, value] =
    /^Error when converting column "(.*?)"\. Could not convert string "(.*)" to /.exec(reason) ?? [];
  const field = payload.schema.fields.find((f) => f.name === column);
  if (field !== undefined && value !== undefined) {
    const facts = { column: field.name, value, type: formatType(field.type) };
    const why = `there is no ${facts.type} of this text.`;
    return errors.VP_DUCKDB_VALUE({ ...facts, reason: why }, { cause, at, details: facts });
  }
  return errors.VP_DUCKDB_CSV(
    {
      source: path ?? 'stream',
      reason: `${Number.isFinite(line) ? `line ${line}: ` : ''}${firstLine(reason)}`,
      ...(excerpt === undefined ? {} : { excerpt: excerpt.slice(0, 200) }),
    },
    { cause, at },
  );
}

async function placeOfLine(payload: BytesPayload, path: string | undefined, wanted: Wanted) {
  const file = payload.carrier === 'files' ? payload.files.find((f) => toPath(f.uri) === path) : undefined;
  return file && locateInCsv(file, payload.csv, wanted);
}

async function jsonError(message: string, payload: BytesPayload, cause: unknown): Promise<VpError> {
  const path = payload.carrier === 'stream' ? undefined : /in file "([^"]+)"/.exec(message)?.[1];
  const file = payload.carrier === 'files' ? payload.files.find((f) => toPath(f.uri) === path) : undefined;
  const reason = firstLine(message.replace(/ in file "[^"]+",/, ''));
  const found = file !== undefined && payload.format === 'ndjson' ? await locateMalformed(file) : undefined;
  const place = found ?? { ...(path === undefined ? {} : { file: path }), ...recordOf(message) };
  return errors.VP_DUCKDB_JSON({ source: path ?? 'stream', reason }, { cause, at: place });
}

/** Where DuckDB says that it was: it counts one too many when it could not parse. */
function recordOf(message: string): SourceLocation {
  const [, word, number] = /in (line|record\/value|object) (\d+)/.exec(message) ?? [];
  if (number === undefined) return {};
  const row = Number(number) - (message.startsWith('Malformed') ? 1 : 0);
  return word === 'line' ? { line: row, row } : { row };
}
