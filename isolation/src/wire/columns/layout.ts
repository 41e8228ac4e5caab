import type { LogicalType } from '@vp/contracts';

/**
 * How a column's values lie in a frame. Arrow's buffers (validity bits, then fixed-width values, or
 * offsets and bytes), each on a multiple of 8; text that is not ASCII lies as UTF-16, which is what
 * both ends hold. `values` takes whatever does not fit its column's type, one value after the other.
 */
export const layouts = {
  nulls: 0,
  bits: 1,
  int8: 2,
  uint8: 3,
  int16: 4,
  uint16: 5,
  int32: 6,
  uint32: 7,
  float32: 8,
  float64: 9,
  int64: 10,
  uint64: 11,
  ascii: 12,
  utf16: 13,
  binary: 14,
  dictionary: 15,
  list: 16,
  struct: 17,
  map: 18,
  interval: 19,
  values: 20,
} as const;

export type BigArray = BigInt64Array | BigUint64Array;

/** Layouts of fixed width that hold numbers, with the array that lies over them. */
export const numberArrays = {
  [layouts.int8]: Int8Array,
  [layouts.uint8]: Uint8Array,
  [layouts.int16]: Int16Array,
  [layouts.uint16]: Uint16Array,
  [layouts.int32]: Int32Array,
  [layouts.uint32]: Uint32Array,
  [layouts.float32]: Float32Array,
  [layouts.float64]: Float64Array,
} as const;

export type NumberLayout = keyof typeof numberArrays;

export const isNumberLayout = (layout: number): layout is NumberLayout => layout in numberArrays;

const numberLayoutOf = {
  int8: layouts.int8,
  uint8: layouts.uint8,
  int16: layouts.int16,
  uint16: layouts.uint16,
  int32: layouts.int32,
  uint32: layouts.uint32,
  float32: layouts.float32,
  float64: layouts.float64,
  date: layouts.int32,
} as const;

/** The layout of a type whose values are JavaScript numbers. */
export function numberLayout(kind: LogicalType['kind']): NumberLayout | undefined {
  return kind in numberLayoutOf ? numberLayoutOf[kind as keyof typeof numberLayoutOf] : undefined;
}

/** Whether a type's values are 64-bit integers, and of which sign. */
export function bigLayout(kind: LogicalType['kind']): 10 | 11 | undefined {
  if (kind === 'int64' || kind === 'time' || kind === 'timestamp') return layouts.int64;
  return kind === 'uint64' ? layouts.uint64 : undefined;
}
