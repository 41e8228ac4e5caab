import type { ColumnValues, Field, LogicalType, Value } from '@vp/contracts';
import type { ByteReader } from '../byte-reader.ts';
import { WireFault } from '../fault.ts';
import { limits } from '../limits.ts';
import { type Crossing, decodeValue } from '../value.ts';
import { isNumberLayout, layouts, numberArrays } from './layout.ts';

/** Values of one column to be read. */
export interface ColumnRequest {
  readonly type: LogicalType;
  readonly rows: number;
}

/** Which rows are there; `undefined` when all are. */
type Validity = Uint8Array | undefined;

const isThere = (validity: Validity, row: number): boolean =>
  validity === undefined || ((validity[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;

/** Reads a column. Typed arrays lie over the frame. @throws WireFault */
export function decodeColumn(reader: ByteReader, request: ColumnRequest): ColumnValues {
  const { type, rows } = request;
  const layout = reader.u8();
  if (layout === layouts.nulls) return new Array<Value>(rows).fill(null);
  if (layout === layouts.values) return decodeValues(reader, rows);
  const validity = decodeValidity(reader, rows);
  if (isNumberLayout(layout)) {
    const OfKind = numberArrays[layout];
    reader.align();
    const at = reader.take(rows * OfKind.BYTES_PER_ELEMENT);
    return withNulls(new OfKind(memory(reader), at, rows), validity);
  }
  switch (layout) {
    case layouts.int64:
    case layouts.uint64: {
      reader.align();
      const at = reader.take(rows * 8);
      const OfKind = layout === layouts.int64 ? BigInt64Array : BigUint64Array;
      return withNulls(new OfKind(memory(reader), at, rows), validity);
    }
    case layouts.bits:
      return decodeBits(reader, rows, validity);
    case layouts.ascii:
    case layouts.utf16:
      return decodeTexts(reader, rows, validity, layout);
    case layouts.binary:
      return decodeBinary(reader, rows, validity);
    case layouts.dictionary:
      if (type.kind === 'enum') return decodeDictionary(reader, rows, validity, type.values);
      break;
    case layouts.list:
      if (type.kind === 'list') return decodeList(reader, rows, validity, type.item.type);
      break;
    case layouts.struct:
      if (type.kind === 'struct') return decodeStruct(reader, rows, validity, type.fields);
      break;
    case layouts.map:
      if (type.kind === 'map') return decodeMap(reader, rows, validity, type);
      break;
    case layouts.interval:
      if (type.kind === 'interval') return decodeInterval(reader, rows, validity);
      break;
  }
  throw new WireFault(`a column of ${type.kind} in layout ${layout}`);
}

function memory(reader: ByteReader): ArrayBuffer {
  const { buffer } = reader.buffer;
  if (!(buffer instanceof ArrayBuffer)) throw new TypeError('a frame has a buffer of its own');
  return buffer;
}

function decodeValidity(reader: ByteReader, rows: number): Validity {
  const flag = reader.u8();
  if (flag > 1) throw new WireFault(`validity ${flag}`);
  return flag === 0 ? undefined : reader.raw((rows + 7) >> 3);
}

function withNulls(values: ColumnValues, validity: Validity): ColumnValues {
  if (validity === undefined) return values;
  const out = new Array<Value>(values.length);
  for (let i = 0; i < values.length; i += 1) out[i] = isThere(validity, i) ? (values[i] ?? null) : null;
  return out;
}

/** The sender's values as they are: of a plugin that gives others than its schema says. */
function decodeValues(reader: ByteReader, rows: number): ColumnValues {
  const out: Crossing[] = [];
  for (let i = 0; i < rows; i += 1) out.push(decodeValue(reader));
  // Whoever takes them checks them against the schema, as values of a plugin in this process.
  return out as readonly Value[];
}

function decodeBits(reader: ByteReader, rows: number, validity: Validity): ColumnValues {
  const bits = reader.raw((rows + 7) >> 3);
  const out = new Array<boolean | null>(rows);
  for (let i = 0; i < rows; i += 1) out[i] = isThere(validity, i) ? isThere(bits, i) : null;
  return out;
}

/** Offsets that begin at 0 and never fall. */
function decodeOffsets(reader: ByteReader, rows: number): Uint32Array {
  reader.align();
  const at = reader.take((rows + 1) * 4);
  const offsets = new Uint32Array(memory(reader), at, rows + 1);
  let last = 0;
  if (offsets[0] !== 0) throw new WireFault('offsets that do not begin at 0');
  for (const offset of offsets) {
    if (offset < last) throw new WireFault('offsets that fall');
    last = offset;
  }
  return offsets;
}

/** Texts are cut out of pieces of so many: few calls, and a text that is kept holds only its neighbours. */
const piece = 16;

function decodeTexts(reader: ByteReader, rows: number, validity: Validity, layout: number): ColumnValues {
  const offsets = decodeOffsets(reader, rows);
  const isWide = layout === layouts.utf16;
  if (isWide) reader.align();
  const width = isWide ? 2 : 1;
  const encoding = isWide ? 'utf16le' : 'latin1';
  const at = reader.take((offsets[rows] ?? 0) * width);
  const { buffer } = reader;
  const out = new Array<string | null>(rows);
  for (let first = 0; first < rows; first += piece) {
    const last = Math.min(first + piece, rows);
    const begin = offsets[first] ?? 0;
    const end = offsets[last] ?? 0;
    const text = buffer.toString(encoding, at + begin * width, at + end * width);
    let from = 0;
    for (let i = first; i < last; i += 1) {
      const to = (offsets[i + 1] ?? 0) - begin;
      out[i] = isThere(validity, i) ? text.substring(from, to) : null;
      from = to;
    }
  }
  return out;
}

function decodeBinary(reader: ByteReader, rows: number, validity: Validity): ColumnValues {
  const offsets = decodeOffsets(reader, rows);
  const at = reader.take(offsets[rows] ?? 0);
  const out = new Array<Uint8Array | null>(rows);
  for (let i = 0; i < rows; i += 1) {
    const begin = offsets[i] ?? 0;
    const length = (offsets[i + 1] ?? 0) - begin;
    out[i] = isThere(validity, i) ? new Uint8Array(memory(reader), at + begin, length) : null;
  }
  return out;
}

function decodeDictionary(
  reader: ByteReader,
  rows: number,
  validity: Validity,
  words: readonly string[],
): ColumnValues {
  reader.align();
  const at = reader.take(rows * 2);
  const indices = new Uint16Array(memory(reader), at, rows);
  const out = new Array<string | null>(rows);
  for (let row = 0; row < rows; row += 1) {
    const word = words[indices[row] ?? 0];
    if (word === undefined) throw new WireFault('an index beyond the dictionary');
    out[row] = isThere(validity, row) ? word : null;
  }
  return out;
}

/** How many values lie in a nested column: what the offsets say, and the sender once more. */
function innerRows(reader: ByteReader, offsets: Uint32Array): number {
  const count = reader.u32();
  if (count !== offsets.at(-1)) throw new WireFault('offsets that do not end where the values do');
  // Even a column of NULLs is as long as it says, and costs its reader that much.
  if (count > limits.cells) throw new WireFault(`${count} values in lists`);
  return count;
}

function decodeList(reader: ByteReader, rows: number, validity: Validity, type: LogicalType): ColumnValues {
  const offsets = decodeOffsets(reader, rows);
  const items = Array.from(decodeColumn(reader, { type, rows: innerRows(reader, offsets) }));
  return Array.from({ length: rows }, (_, row) =>
    isThere(validity, row) ? items.slice(offsets[row], offsets[row + 1]) : null,
  );
}

function decodeStruct(
  reader: ByteReader,
  rows: number,
  validity: Validity,
  fields: readonly Field[],
): ColumnValues {
  const columns = fields.map(({ name, type }) => ({ name, values: decodeColumn(reader, { type, rows }) }));
  return Array.from({ length: rows }, (_, row) =>
    isThere(validity, row)
      ? Object.fromEntries(columns.map(({ name, values }) => [name, values[row] ?? null]))
      : null,
  );
}

function decodeMap(
  reader: ByteReader,
  rows: number,
  validity: Validity,
  type: Extract<LogicalType, { kind: 'map' }>,
): ColumnValues {
  const offsets = decodeOffsets(reader, rows);
  const count = innerRows(reader, offsets);
  const keys = decodeColumn(reader, { type: type.key, rows: count });
  const values = decodeColumn(reader, { type: type.value.type, rows: count });
  const entries = Array.from({ length: count }, (_, i): Value => [keys[i] ?? null, values[i] ?? null]);
  return Array.from({ length: rows }, (_, row) =>
    isThere(validity, row) ? entries.slice(offsets[row], offsets[row + 1]) : null,
  );
}

function decodeInterval(reader: ByteReader, rows: number, validity: Validity): ColumnValues {
  const months = decodeColumn(reader, { type: { kind: 'int32' }, rows });
  const days = decodeColumn(reader, { type: { kind: 'int32' }, rows });
  const nanos = decodeColumn(reader, { type: { kind: 'int64' }, rows });
  return Array.from({ length: rows }, (_, row) =>
    isThere(validity, row)
      ? { months: months[row] ?? 0, days: days[row] ?? 0, nanos: nanos[row] ?? 0n }
      : null,
  );
}
