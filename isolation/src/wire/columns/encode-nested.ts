import type { Field, LogicalType, Value } from '@vp/contracts';
import type { ByteWriter } from '../byte-writer.ts';
import { begin, encodeBigs, encodeColumn, encodeNumbers, encodeOffsets, type Slice } from './encode.ts';
import { layouts } from './layout.ts';

const all = (values: readonly Value[]): Slice => ({ values, from: 0, to: values.length });

const arrayLength = (value: Value | undefined) => (Array.isArray(value) ? value.length : -1);

export function encodeList(writer: ByteWriter, item: LogicalType, slice: Slice): boolean {
  if (!begin(writer, layouts.list, slice)) return true;
  if (encodeOffsets(writer, slice, arrayLength) < 0) return false;
  const items: Value[] = [];
  for (let i = slice.from; i < slice.to; i += 1) {
    const value = slice.values[i];
    if (Array.isArray(value)) for (const each of value) items.push(each);
  }
  writer.u32(items.length);
  encodeColumn(writer, item, all(items));
  return true;
}

function isPlain(value: Value | undefined): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

export function encodeStruct(writer: ByteWriter, fields: readonly Field[], slice: Slice): boolean {
  if (!begin(writer, layouts.struct, slice)) return true;
  const rows: ({ readonly [name: string]: Value } | null)[] = [];
  for (let i = slice.from; i < slice.to; i += 1) {
    const value = slice.values[i];
    if (value === null) rows.push(null);
    else if (isPlain(value) && hasExactly(value, fields)) rows.push(value);
    else return false;
  }
  for (const { name, type } of fields) {
    encodeColumn(writer, type, all(rows.map((row) => (row === null ? null : (row[name] ?? null)))));
  }
  return true;
}

/** All members, in no matter which order, and no other. An `undefined` one is not the same as NULL. */
function hasExactly(value: { readonly [name: string]: Value }, fields: readonly Field[]): boolean {
  const isThere = ({ name }: Field) =>
    name !== '__proto__' && Object.hasOwn(value, name) && value[name] !== undefined;
  return Object.keys(value).length === fields.length && fields.every(isThere);
}

export function encodeMap(
  writer: ByteWriter,
  type: Extract<LogicalType, { kind: 'map' }>,
  slice: Slice,
): boolean {
  if (!begin(writer, layouts.map, slice)) return true;
  if (encodeOffsets(writer, slice, arrayLength) < 0) return false;
  const keys: Value[] = [];
  const values: Value[] = [];
  for (let i = slice.from; i < slice.to; i += 1) {
    const value = slice.values[i];
    if (!Array.isArray(value)) continue;
    for (const entry of value) {
      if (!Array.isArray(entry) || entry.length !== 2) return false;
      keys.push(entry[0]);
      values.push(entry[1]);
    }
  }
  writer.u32(keys.length);
  encodeColumn(writer, type.key, all(keys));
  encodeColumn(writer, type.value.type, all(values));
  return true;
}

export function encodeInterval(writer: ByteWriter, slice: Slice): boolean {
  if (!begin(writer, layouts.interval, slice)) return true;
  const parts: { readonly months: Value[]; readonly days: Value[]; readonly nanos: Value[] } = {
    months: [],
    days: [],
    nanos: [],
  };
  for (let i = slice.from; i < slice.to; i += 1) {
    const value = slice.values[i];
    if (value !== null && (!isPlain(value) || Object.keys(value).length !== 3)) return false;
    const { months = 0, days = 0, nanos = 0n } = value ?? {};
    parts.months.push(months);
    parts.days.push(days);
    parts.nanos.push(nanos);
  }
  return (
    encodeNumbers(writer, layouts.int32, all(parts.months)) &&
    encodeNumbers(writer, layouts.int32, all(parts.days)) &&
    encodeBigs(writer, layouts.int64, all(parts.nanos))
  );
}
