import type { CsvDialect } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';

const tab = 0x09;
const newline = 0x0a;
const carriage = 0x0d;
const backslash = 0x5c;
const letterN = 0x4e;

/**
 * CSV of any dialect as the lines that LOAD DATA reads: fields between tabs, `\N` for NULL. The server's own
 * reader takes a quoted empty field and an unquoted one for the same.
 */
export async function* loadLines(
  bytes: AsyncIterable<Uint8Array>,
  dialect: CsvDialect,
): AsyncGenerator<Buffer> {
  const { header, nullText, skip = 0, encoding = 'utf-8' } = dialect;
  const delimiter = byteOf(dialect.delimiter);
  const quote = byteOf(dialect.quote);
  const escapeBy = byteOf(dialect.escape);
  const isLatin = /^latin-?1$/i.test(encoding);
  // As it stands among what is written: a backslash doubled.
  const nullBytes = Buffer.from(loadField(nullText));
  let out = Buffer.allocUnsafe(0);
  let at = 0;
  let fieldAt = 0;
  let state: 'start' | 'plain' | 'quoted' | 'ended' = 'start';
  /** The escape was the last byte inside quotes. */
  let isPending = false;
  let wasCarriage = false;
  let wasQuoted = false;
  let fields = 0;
  let linesToPass = skip + (header ? 1 : 0);
  let isFirst = true;
  /** Raw lines before the header are cut at newlines, whatever is in them. */
  let rawLines = skip;

  const put = (byte: number) => {
    const code =
      byte === tab
        ? 0x74
        : byte === newline
          ? 0x6e
          : byte === carriage
            ? 0x72
            : byte === 0
              ? 0x30
              : byte === backslash
                ? backslash
                : 0;
    if (code !== 0) {
      out[at++] = backslash;
      out[at++] = code;
    } else if (isLatin && byte >= 0x80) {
      out[at++] = 0xc0 | (byte >> 6);
      out[at++] = 0x80 | (byte & 0x3f);
    } else out[at++] = byte;
  };
  const endField = () => {
    if (
      !wasQuoted &&
      at - fieldAt === nullBytes.length &&
      out.compare(nullBytes, 0, nullBytes.length, fieldAt, at) === 0
    ) {
      at = fieldAt;
      out[at++] = backslash;
      out[at++] = letterN;
    }
    state = 'start';
    wasQuoted = false;
    fields += 1;
  };
  const endLine = (lineAt: number): number => {
    endField();
    fields = 0;
    if (linesToPass > 0) {
      linesToPass -= 1;
      at = lineAt;
    } else out[at++] = newline;
    fieldAt = at;
    return at;
  };

  let held: Buffer = Buffer.alloc(0);
  let lineAt = 0;
  for await (const piece of bytes) {
    const isMarked = isFirst && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf;
    isFirst = false;
    // What is not a whole line yet is taken over; each byte becomes two at most, NULL's two letters aside.
    out = Buffer.allocUnsafe(held.length + piece.length * 2 + 16);
    held.copy(out);
    at = held.length;
    fieldAt -= lineAt;
    lineAt = 0;
    for (let index = isMarked ? 3 : 0; index < piece.length; index++) {
      const byte = piece[index] as number;
      if (at + 8 > out.length)
        out = Buffer.concat([out.subarray(0, at), Buffer.allocUnsafe(piece.length * 2 + 16)]);
      if (rawLines > 0) {
        if (byte === newline) {
          rawLines -= 1;
          linesToPass -= 1;
        }
        continue;
      }
      if (isPending) {
        isPending = false;
        if (byte === quote || byte === escapeBy) {
          put(byte);
          continue;
        }
        if (escapeBy === quote) state = 'ended';
        else put(escapeBy);
      }
      if (wasCarriage) {
        wasCarriage = false;
        // A carriage return alone is part of the value.
        if (byte !== newline) put(carriage);
      }
      if (state === 'quoted') {
        if (byte === escapeBy) isPending = true;
        else if (byte === quote) state = 'ended';
        else put(byte);
      } else if (byte === delimiter) {
        endField();
        out[at++] = tab;
        fieldAt = at;
      } else if (byte === newline) lineAt = endLine(lineAt);
      else if (byte === carriage) wasCarriage = true;
      else if (byte === quote && state === 'start') {
        state = 'quoted';
        wasQuoted = true;
      } else {
        put(byte);
        if (state === 'start') state = 'plain';
      }
    }
    if (lineAt > 0) yield out.subarray(0, lineAt);
    held = Buffer.from(out.subarray(lineAt, at));
  }
  if (isPending && escapeBy === quote) state = 'ended';
  if (state === 'quoted')
    throw errors.VP_MYSQL_DATA({ reason: 'The CSV ends inside a quoted field', detail: '' });
  if (held.length > 0 || fields > 0 || wasQuoted) {
    out = Buffer.concat([held, Buffer.allocUnsafe(16)]);
    at = held.length;
    fieldAt -= lineAt;
    lineAt = endLine(0);
    if (lineAt > 0) yield out.subarray(0, lineAt);
  }
}

/** A field of `LOAD DATA`. */
export function loadField(text: string): string {
  return /[\\\t\n\r\0]/.test(text) ? text.replaceAll(/[\\\t\n\r\0]/g, (each) => escapes[each] ?? each) : text;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
};

function byteOf(text: string): number {
  const bytes = Buffer.from(text);
  if (bytes.length !== 1)
    throw errors.VP_MYSQL_OPTION({
      problem: `CSV with ${JSON.stringify(text)} between its fields cannot be loaded`,
    });
  return bytes[0] as number;
}
