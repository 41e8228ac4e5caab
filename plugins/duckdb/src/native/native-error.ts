import { describeThrown, isVpError, type VpError } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';

/** An error as DuckDB says it with `errors_as_json`. */
export interface DuckError {
  readonly type: string;
  readonly message: string;
  /** Offset in the statement. */
  readonly position?: number;
  readonly subtype?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly candidates: readonly string[];
}

/** What marks a message of our own `error(…)` calls in generated SQL; fields are parted by it. */
export const MARK = '\u001f';

/** Takes DuckDB's error apart; `undefined` for what is none. */
export function parseDuckError(thrown: unknown): DuckError | undefined {
  const text = describeThrown(thrown);
  const start = text.indexOf('{"exception_type"');
  if (start < 0) {
    const plain = /^(\w[\w ]*) Error: ([\s\S]*)$/.exec(text);
    return plain === null ? undefined : { type: plain[1] ?? '', message: plain[2] ?? '', candidates: [] };
  }
  const json = parseJson(text.slice(start));
  if (json === undefined) return { type: 'Unknown', message: text, candidates: [] };
  const field = (key: string): string | undefined => {
    const value = json[key];
    return typeof value === 'string' ? value : undefined;
  };
  const position = Number(field('position'));
  const [subtype, name, kind] = [field('error_subtype'), field('name'), field('type')];
  return {
    type: field('exception_type') ?? 'Unknown',
    message: field('exception_message') ?? text,
    ...(Number.isSafeInteger(position) ? { position } : {}),
    ...(subtype === undefined ? {} : { subtype }),
    ...(name === undefined ? {} : { name }),
    ...(kind === undefined ? {} : { kind }),
    candidates: (field('candidates') ?? '').split(',').filter((c) => c !== ''),
  };
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The error for a failure that has nothing to do with a SQL text or a payload. */
export function toVpError(thrown: unknown): VpError {
  if (isVpError(thrown)) return thrown;
  const duck = parseDuckError(thrown);
  const reason = describeThrown(thrown);
  if (duck === undefined) {
    return isNoSpace(thrown)
      ? errors.VP_DUCKDB_DISK_FULL({ path: 'the project' }, { cause: thrown })
      : errors.VP_DUCKDB_INTERNAL({ reason }, { cause: thrown });
  }
  return (
    commonError(duck, thrown) ??
    errors.VP_DUCKDB_INTERNAL({ reason: firstLine(duck.message) }, { cause: thrown })
  );
}

/** Errors that mean the same wherever they come up. */
export function commonError(duck: DuckError, cause: unknown): VpError | undefined {
  const { message } = duck;
  const ours = message.indexOf(`VP${MARK}`);
  if (ours >= 0) return ownError(message.slice(ours).split(MARK), cause);
  if (/No space left on device|disk quota exceeded|ENOSPC/i.test(message)) {
    const path = /(?:file|to|of) "([^"]+)"/.exec(message)?.[1] ?? 'the project';
    return errors.VP_DUCKDB_DISK_FULL({ path }, { cause });
  }
  if (duck.type.startsWith('Out of Memory')) {
    return errors.VP_DUCKDB_OUT_OF_MEMORY({ reason: firstLine(message) }, { cause });
  }
  if (duck.type === 'Conversion' || duck.type === 'Out of Range') return conversionError(message, cause);
  if (/No files found that match the pattern|Cannot open file .*No such file/.test(message)) {
    const file = /"([^"]+)"/.exec(message)?.[1];
    return errors.VP_DUCKDB_FILE_MISSING(
      { reason: firstLine(message) },
      { cause, ...(file === undefined ? {} : { at: { file } }) },
    );
  }
  const parquet =
    /No magic bytes found at end of file|too small to be a Parquet file|TProtocolException|Invalid.*parquet|corrupt|^Failed to read file ".*\.parquet"|decompression failure/i.test(
      message,
    );
  const file = /'([^']+\.parquet)'|"([^"]+\.parquet)"/.exec(message);
  if (parquet) {
    const path = file?.[1] ?? file?.[2] ?? /file '([^']+)'/i.exec(message)?.[1] ?? '(unknown)';
    return errors.VP_DUCKDB_PARQUET(
      { file: path, reason: firstLine(message) },
      { cause, at: { file: path } },
    );
  }
  if (duck.type === 'IO') return errors.VP_DUCKDB_IO({ reason: firstLine(message) }, { cause });
  return undefined;
}

function ownError(
  [, column = '', type = '', reason = '', value]: readonly string[],
  cause: unknown,
): VpError {
  if (reason === 'null') return errors.VP_DUCKDB_NULL({ column }, { cause, details: { column } });
  return errors.VP_DUCKDB_VALUE(
    { column, type, reason, ...(value === undefined ? {} : { value }) },
    { cause, details: { column, ...(value === undefined ? {} : { value }) } },
  );
}

/** A failed cast: DuckDB names the value, and the column where it is one. */
export function conversionError(message: string, cause: unknown, known?: string): VpError {
  const value = /(?:string|with value) ['"]?(.*?)['"]? (?:to|can't be cast)/.exec(message)?.[1];
  const column = known ?? /when casting from source column (.+)$/m.exec(message)?.[1];
  return errors.VP_DUCKDB_VALUE(
    {
      reason: firstLine(message),
      ...(value === undefined ? {} : { value }),
      ...(column === undefined ? {} : { column }),
    },
    {
      cause,
      details: { ...(column === undefined ? {} : { column }), ...(value === undefined ? {} : { value }) },
    },
  );
}

export function firstLine(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function isNoSpace(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ENOSPC';
}
