import type { LogicalType, Value } from '@vp/contracts';
import type { ByteWriter } from '../byte-writer.ts';
import { encodeValue } from '../value.ts';
import { encodeInterval, encodeList, encodeMap, encodeStruct } from './encode-nested.ts';
import {
  type BigArray,
  bigLayout,
  layouts,
  type NumberLayout,
  numberArrays,
  numberLayout,
} from './layout.ts';

/** Rows `from` to `to` of a column. */
export interface Slice {
  readonly values: ArrayLike<Value>;
  readonly from: number;
  readonly to: number;
}

/** Appends a column, in the layout of its type when all values fit it, else one by one. */
export function encodeColumn(writer: ByteWriter, type: LogicalType, slice: Slice): void {
  const begin = writer.length;
  if (encodeTyped(writer, type, slice)) return;
  writer.truncate(begin);
  writer.u8(layouts.values);
  for (let i = slice.from; i < slice.to; i += 1) encodeValue(writer, slice.values[i]);
}

/** Whether the values fit the type's layout; when not, what was written is rubbish. */
function encodeTyped(writer: ByteWriter, type: LogicalType, slice: Slice): boolean {
  const numbers = numberLayout(type.kind);
  if (numbers !== undefined) return encodeNumbers(writer, numbers, slice);
  const bigs = bigLayout(type.kind);
  if (bigs !== undefined) return encodeBigs(writer, bigs, slice);
  switch (type.kind) {
    case 'bool':
      return encodeBits(writer, slice);
    case 'binary':
      return encodeBinary(writer, slice);
    case 'enum':
      return encodeDictionary(writer, type.values, slice) || encodeTexts(writer, slice);
    case 'list':
      return encodeList(writer, type.item.type, slice);
    case 'struct':
      return encodeStruct(writer, type.fields, slice);
    case 'map':
      return encodeMap(writer, type, slice);
    case 'interval':
      return encodeInterval(writer, slice);
    default:
      return encodeTexts(writer, slice);
  }
}

/** Writes the layout and which rows are there. Gives false when none is, and nothing more is to be written. */
export function begin(writer: ByteWriter, layout: number, slice: Slice): boolean {
  const { values, from, to } = slice;
  const nulls = countNulls(slice);
  if (nulls === to - from && nulls > 0) {
    writer.u8(layouts.nulls);
    return false;
  }
  writer.u8(layout);
  writer.u8(nulls > 0 ? 1 : 0);
  if (nulls === 0) return true;
  const size = (to - from + 7) >> 3;
  const at = writer.reserve(size);
  const bits = new Uint8Array(writer.memory, at, size).fill(0);
  for (let i = from; i < to; i += 1) {
    const row = i - from;
    if (values[i] !== null) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return true;
}

function countNulls({ values, from, to }: Slice): number {
  // Typed arrays have none, and what arrays hold of numbers alone the engine knows without looking.
  if (ArrayBuffer.isView(values) || (Array.isArray(values) && !values.includes(null))) return 0;
  let nulls = 0;
  for (let i = from; i < to; i += 1) if (values[i] === null) nulls += 1;
  return nulls;
}

export function encodeNumbers(writer: ByteWriter, layout: NumberLayout, slice: Slice): boolean {
  const { values, from, to } = slice;
  const OfKind = numberArrays[layout];
  const length = to - from;
  if (!begin(writer, layout, slice)) return true;
  writer.align();
  const at = writer.reserve(length * OfKind.BYTES_PER_ELEMENT);
  const out = new OfKind(writer.memory, at, length);
  if (values instanceof OfKind) {
    out.set(values.subarray(from, to));
    return true;
  }
  const takesAll = layout === layouts.float64;
  for (let i = from; i < to; i += 1) {
    const value = values[i];
    if (typeof value === 'number') {
      out[i - from] = value;
      // Out of range, a fraction, or more digits than the type has. NaN is only a value of floats.
      if (!takesAll && out[i - from] !== value && !(layout === layouts.float32 && Number.isNaN(value)))
        return false;
    } else if (value === null) out[i - from] = 0;
    else return false;
  }
  return true;
}

export function encodeBigs(writer: ByteWriter, layout: 10 | 11, slice: Slice): boolean {
  const { values, from, to } = slice;
  const length = to - from;
  if (!begin(writer, layout, slice)) return true;
  writer.align();
  const at = writer.reserve(length * 8);
  const OfKind = layout === layouts.int64 ? BigInt64Array : BigUint64Array;
  const out: BigArray = new OfKind(writer.memory, at, length);
  if (values instanceof OfKind) {
    out.set(values.subarray(from, to));
    return true;
  }
  for (let i = from; i < to; i += 1) {
    const value = values[i];
    if (typeof value === 'bigint') {
      out[i - from] = value;
      if (out[i - from] !== value) return false;
    } else if (value === null) out[i - from] = 0n;
    else return false;
  }
  return true;
}

function encodeBits(writer: ByteWriter, slice: Slice): boolean {
  const { values, from, to } = slice;
  if (!begin(writer, layouts.bits, slice)) return true;
  const size = (to - from + 7) >> 3;
  const at = writer.reserve(size);
  const bits = new Uint8Array(writer.memory, at, size).fill(0);
  for (let i = from; i < to; i += 1) {
    const value = values[i];
    const row = i - from;
    if (value === true) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
    else if (value !== false && value !== null) return false;
  }
  return true;
}

/** Offsets of `lengthOf` each value; -1 where a value does not fit. */
export function encodeOffsets(
  writer: ByteWriter,
  { values, from, to }: Slice,
  lengthOf: (value: Value | undefined) => number,
): number {
  writer.align();
  const at = writer.reserve((to - from + 1) * 4);
  const offsets = new Uint32Array(writer.memory, at, to - from + 1);
  let end = 0;
  offsets[0] = 0;
  for (let i = from; i < to; i += 1) {
    const value = values[i];
    if (value !== null) {
      const length = lengthOf(value);
      if (length < 0) return -1;
      end += length;
    }
    offsets[i - from + 1] = end;
  }
  return end;
}

const textLength = (value: Value | undefined) => (typeof value === 'string' ? value.length : -1);

function encodeTexts(writer: ByteWriter, slice: Slice): boolean {
  const layoutAt = writer.length;
  if (!begin(writer, layouts.ascii, slice)) return true;
  const end = encodeOffsets(writer, slice, textLength);
  if (end < 0) return false;
  const text = concatenate(slice);
  if (writer.ascii(text)) return true;
  writer.align();
  writer.utf16(text);
  writer.setU8(layoutAt, layouts.utf16);
  return true;
}

/** Texts that are put together at once: as arguments of a call, of which there may be so many. */
const together = 1_024;

function concatenate({ values, from, to }: Slice): string {
  let text = '';
  for (let first = from; first < to; first += together) {
    const piece: unknown[] = Array.prototype.slice.call(values, first, Math.min(first + together, to));
    // join() leaves NULLs out, concat() does not, and is faster where there are none.
    text += piece.includes(null) ? piece.join('') : Reflect.apply(String.prototype.concat, '', piece);
  }
  return text;
}

const byteLength = (value: Value | undefined) => (value instanceof Uint8Array ? value.length : -1);

function encodeBinary(writer: ByteWriter, slice: Slice): boolean {
  if (!begin(writer, layouts.binary, slice)) return true;
  if (encodeOffsets(writer, slice, byteLength) < 0) return false;
  for (let i = slice.from; i < slice.to; i += 1) {
    const value = slice.values[i];
    if (value instanceof Uint8Array) writer.raw(value);
  }
  return true;
}

function encodeDictionary(writer: ByteWriter, words: readonly string[], slice: Slice): boolean {
  const start = writer.length;
  const { values, from, to } = slice;
  const index = new Map<Value, number>(words.map((word, i) => [word, i]));
  if (words.length > 0xffff) return false;
  if (!begin(writer, layouts.dictionary, slice)) return true;
  writer.align();
  const at = writer.reserve((to - from) * 2);
  const out = new Uint16Array(writer.memory, at, to - from);
  for (let i = from; i < to; i += 1) {
    const value = values[i];
    const word = value === null || value === undefined ? 0 : index.get(value);
    if (word === undefined || value === undefined) {
      writer.truncate(start);
      return false;
    }
    out[i - from] = word;
  }
  return true;
}
