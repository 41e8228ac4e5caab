import { isUtf8 } from 'node:buffer';

/** What is wrong with CSV text, and where. Rows count data rows from 1, bytes from 0. */
export type CsvFault =
  | { readonly kind: 'encoding'; readonly row: number; readonly byte: number; readonly found: string }
  | {
      readonly kind: 'ragged';
      readonly row: number;
      readonly byte: number;
      readonly expected: number;
      readonly found: number;
    }
  | { readonly kind: 'quote'; readonly row: number; readonly byte: number };

/** What {@link scanCsv} goes by. */
export interface ScanOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly header: boolean;
  readonly skip: number;
  /** Whether the bytes are all; else the last record may be cut and is left out. */
  readonly isWhole: boolean;
  /** Whether the bytes have to be UTF-8. */
  readonly isUtf8: boolean;
}

const newline = 10;
const carriageReturn = 13;

/** The first fault of CSV text in UTF-8 (or a single-byte encoding), or `undefined`. */
export function scanCsv(bytes: Uint8Array, options: ScanOptions): CsvFault | undefined {
  const fault = scanRecords(bytes, options);
  if (!options.isUtf8 || isUtf8(bytes.subarray(0, options.isWhole ? bytes.length : lastNewline(bytes))))
    return fault;
  const byte = firstInvalidByte(bytes);
  if (byte === undefined || (fault !== undefined && fault.byte < byte)) return fault;
  const found = `the bytes ${Buffer.from(bytes.subarray(byte, byte + 2))
    .toString('hex')
    .replace(/../g, '0x$& ')
    .trim()}`;
  return { kind: 'encoding', row: rowAt(bytes, options, byte), byte, found };
}

function scanRecords(bytes: Uint8Array, options: ScanOptions): CsvFault | undefined {
  let expected: number | undefined;
  let row = options.header ? -1 : 0;
  for (const record of records(bytes, options)) {
    if (record.isOpen) {
      return options.isWhole ? { kind: 'quote', row: row + 1, byte: record.quoteAt } : undefined;
    }
    if (record.end === bytes.length && !options.isWhole) return undefined;
    if (record.isBlank) continue;
    row += 1;
    expected ??= record.fields;
    // A delimiter at the end of a row is passed over, as the native readers do.
    const isTrailing =
      record.fields === expected + 1 && bytes[record.end - 1] === options.delimiter.charCodeAt(0);
    if (record.fields !== expected && !isTrailing)
      return { kind: 'ragged', row, byte: record.start, expected, found: record.fields };
  }
  return undefined;
}

interface CsvRecord {
  readonly start: number;
  readonly end: number;
  readonly fields: number;
  readonly isBlank: boolean;
  /** Whether the text ends within quotes. */
  readonly isOpen: boolean;
  readonly quoteAt: number;
}

function* records(bytes: Uint8Array, options: ScanOptions): Generator<CsvRecord> {
  const delimiter = options.delimiter.charCodeAt(0);
  const quote = options.quote === '' ? -1 : options.quote.charCodeAt(0);
  const escaper = options.escape === '' ? -1 : options.escape.charCodeAt(0);
  let i = afterSkipped(bytes, options.skip);
  while (i < bytes.length) {
    const start = i;
    let fields = 1;
    let quoteAt = -1;
    let isFieldStart = true;
    for (; i < bytes.length; i++) {
      const byte = bytes[i];
      if (quoteAt >= 0) {
        if (byte === escaper && escaper !== quote) i += 1;
        else if (byte === quote) {
          if (escaper === quote && bytes[i + 1] === quote) i += 1;
          else quoteAt = -1;
        }
      } else if (byte === delimiter) {
        fields += 1;
        isFieldStart = true;
        continue;
      } else if (byte === newline || byte === carriageReturn) {
        break;
      } else if (byte === quote && isFieldStart) {
        quoteAt = i;
      }
      isFieldStart = false;
    }
    const isBlank = i === start;
    yield { start, end: i, fields, isBlank, isOpen: quoteAt >= 0, quoteAt };
    i += bytes[i] === carriageReturn && bytes[i + 1] === newline ? 2 : 1;
  }
}

function afterSkipped(bytes: Uint8Array, lines: number): number {
  let i = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let n = 0; n < lines; n++) {
    const end = bytes.indexOf(newline, i);
    if (end < 0) return bytes.length;
    i = end + 1;
  }
  return i;
}

/** The data row in which a byte lies. */
function rowAt(bytes: Uint8Array, options: ScanOptions, byte: number): number {
  let row = options.header ? -1 : 0;
  for (const record of records(bytes, options)) {
    if (!record.isBlank) row += 1;
    if (byte <= record.end) break;
  }
  return Math.max(row, 0);
}

function lastNewline(bytes: Uint8Array): number {
  return Math.max(bytes.lastIndexOf(newline), 0);
}

/** Halves the text until the first byte that is no UTF-8 is found. */
function firstInvalidByte(bytes: Uint8Array): number | undefined {
  // isUtf8 of a prefix that ends within a character is false too, so whole lines are halved first.
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(newline, Math.min(start + 65_536, bytes.length - 1));
    const end = found < 0 ? bytes.length : found + 1;
    if (!isUtf8(bytes.subarray(start, end))) return start + invalidWithin(bytes.subarray(start, end));
    start = end;
  }
  return undefined;
}

function invalidWithin(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; ) {
    const length = characterLength(bytes[i] ?? 0);
    if (length === 0 || !isUtf8(bytes.subarray(i, i + length))) return i;
    i += length;
  }
  return 0;
}

function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}
