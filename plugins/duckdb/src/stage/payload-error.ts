import {
  type FilesPayload,
  isVpError,
  type SourceLocation,
  type StreamPayload,
  type VpError,
} from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Session } from '../native/database.ts';
import { commonError, firstLine, parseDuckError, toVpError } from '../native/native-error.ts';

interface Origin {
  readonly session: Session;
  readonly payload: FilesPayload | StreamPayload;
  readonly source: string;
}

/** A failure while a payload was read, with file, row and byte as far as they can be told. */
export async function payloadError(thrown: unknown, origin: Origin): Promise<unknown> {
  if (isVpError(thrown)) return thrown;
  const duck = parseDuckError(thrown);
  if (duck === undefined) return thrown;
  const { message } = duck;
  if (message.startsWith('CSV Error') || /CSV/.test(message.split('\n')[0] ?? ''))
    return csvError(message, origin, thrown);
  if (/JSON/.test(message)) return jsonError(message, origin, thrown);
  const error = commonError(duck, thrown);
  if (error === undefined) return toVpError(thrown);
  return error;
}

function csvError(message: string, { payload, source }: Origin, cause: unknown): VpError {
  const line = Number(/on Line: (\d+)/.exec(message)?.[1]);
  const file = /^\s*file = (.*)$/m.exec(message)?.[1];
  const excerpt = /^Original Line: ?(.*)$/m.exec(message)?.[1];
  const reason = message.split('\n').filter((l) => l !== '' && !/^(CSV Error|Original Line)/.test(l))[0];
  const headerLines = payload.csv?.header === false ? 0 : 1;
  const at: SourceLocation = {
    ...(file === undefined || payload.carrier === 'stream' ? {} : { file }),
    ...(Number.isFinite(line)
      ? { line, row: Math.max(1, line - headerLines - (payload.csv?.skip ?? 0)) }
      : {}),
  };
  return errors.VP_DUCKDB_CSV(
    {
      source: payload.carrier === 'stream' ? 'stream' : (file ?? source),
      reason: `${Number.isFinite(line) ? `line ${line}: ` : ''}${firstLine(reason ?? message)}`,
      ...(excerpt === undefined ? {} : { excerpt: excerpt.slice(0, 200) }),
    },
    { cause, at },
  );
}

function jsonError(message: string, { payload, source }: Origin, cause: unknown): VpError {
  const file = /in file "([^"]+)"/.exec(message)?.[1];
  const byte = Number(/at byte (\d+)/.exec(message)?.[1]);
  const line = Number(/in line (\d+)/.exec(message)?.[1]);
  const record = Number(/record\/value (\d+)/.exec(message)?.[1]);
  const at: SourceLocation = {
    ...(file === undefined || payload.carrier === 'stream' ? {} : { file }),
    ...(Number.isFinite(line) ? { line, row: line } : {}),
    ...(Number.isFinite(record) ? { row: record } : {}),
  };
  return errors.VP_DUCKDB_JSON(
    { source: payload.carrier === 'stream' ? 'stream' : (file ?? source), reason: firstLine(message) },
    { cause, at, ...(Number.isFinite(byte) ? { details: { byteInRecord: byte } } : {}) },
  );
}
