import { type ColumnValues, formatType, type LogicalType, type Value } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Bindings } from '../native/load.ts';
import { unitFactor } from './read-vector.ts';
import { writeText } from './text.ts';
import { parseDecimal, parseUuid, write128 } from './wide-values.ts';

type Vector = import('@duckdb/node-bindings').Vector;

/** Writes the first `count` values of a column into a vector. @throws VpError for a value that does not fit */
export type VectorWriter = (vector: Vector, values: ColumnValues, count: number) => void;

const ints = {
  int8: [Int8Array, -128, 127],
  int16: [Int16Array, -32_768, 32_767],
  int32: [Int32Array, -2_147_483_648, 2_147_483_647],
  date: [Int32Array, -2_147_483_648, 2_147_483_647],
  uint8: [Uint8Array, 0, 255],
  uint16: [Uint16Array, 0, 65_535],
  uint32: [Uint32Array, 0, 4_294_967_295],
} as const;

/** How JavaScript values of a logical type become vectors of its DuckDB type (see `toDuckType`). */
export function createWriter(bindings: Bindings, type: LogicalType, column: string): VectorWriter {
  const misfit = (value: Value, reason = 'not a value of this type') =>
    errors.VP_DUCKDB_VALUE({ column, value: show(value), type: formatType(type), reason: `${reason}.` });
  const flush = (vector: Vector, data: ArrayBufferView<ArrayBuffer>, values: ColumnValues, count: number) => {
    bindings.copy_data_to_vector(vector, 0, data.buffer, data.byteOffset, data.byteLength);
    writeValidity(bindings, vector, values, count);
  };
  const each =
    (size: number, put: (view: DataView, at: number, value: NonNullable<Value>) => void): VectorWriter =>
    (vector, values, count) => {
      const view = new DataView(new ArrayBuffer(count * size));
      for (let i = 0; i < count; i += 1) {
        const value = values[i];
        if (value !== null && value !== undefined) put(view, i * size, value);
      }
      flush(vector, view, values, count);
    };
  switch (type.kind) {
    case 'bool':
      return each(1, (view, at, value) => {
        if (typeof value !== 'boolean') throw misfit(value);
        view.setUint8(at, value ? 1 : 0);
      });
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'date': {
      const [array, min, max] = ints[type.kind];
      return (vector, values, count) => {
        const data = new array(count);
        for (let i = 0; i < count; i += 1) {
          const value = values[i];
          if (value === null || value === undefined) continue;
          if (typeof value !== 'number' || !Number.isInteger(value)) throw misfit(value);
          if (value < min || value > max) throw misfit(value, `outside ${min} to ${max}`);
          data[i] = value;
        }
        flush(vector, data, values, count);
      };
    }
    case 'float32':
    case 'float64':
      return (vector, values, count) => {
        const data = type.kind === 'float32' ? new Float32Array(count) : new Float64Array(count);
        for (let i = 0; i < count; i += 1) {
          const value = values[i];
          if (value === null || value === undefined) continue;
          if (typeof value !== 'number') throw misfit(value);
          data[i] = value;
        }
        flush(vector, data, values, count);
      };
    case 'int64':
    case 'time':
    case 'timestamp':
      return bigints(new BigInt64Array(0), unitFactor(type), misfit, flush);
    case 'uint64':
      return bigints(new BigUint64Array(0), 1n, misfit, flush);
    case 'utf8':
    case 'json':
      return (vector, values, count) => {
        writeText(bindings, vector, texts(values, count, misfit), count);
        writeValidity(bindings, vector, values, count);
      };
    case 'binary':
      return (vector, values, count) => {
        writeText(bindings, vector, new Array<null>(count).fill(null), count);
        for (let i = 0; i < count; i += 1) {
          const value = values[i];
          if (value === null || value === undefined) continue;
          if (!(value instanceof Uint8Array)) throw misfit(value);
          bindings.vector_assign_string_element_len(vector, i, value);
        }
        writeValidity(bindings, vector, values, count);
      };
    case 'uuid':
      return each(16, (view, at, value) => {
        const parsed = typeof value === 'string' ? parseUuid(value) : undefined;
        if (parsed === undefined) throw misfit(value);
        write128(view, at, parsed);
      });
    case 'interval':
      return each(16, (view, at, value) => {
        if (!isInterval(value)) throw misfit(value);
        if (value.nanos % 1000n !== 0n) throw misfit(value, 'DuckDB keeps intervals to the microsecond');
        view.setInt32(at, value.months, true);
        view.setInt32(at + 4, value.days, true);
        view.setBigInt64(at + 8, value.nanos / 1000n, true);
      });
    case 'decimal': {
      const { precision, scale } = type;
      const parse = (value: NonNullable<Value>): bigint => {
        const parsed = typeof value === 'string' ? parseDecimal(value, precision, scale) : undefined;
        if (parsed === undefined) throw misfit(value);
        return parsed;
      };
      if (precision <= 4) return each(2, (view, at, value) => view.setInt16(at, Number(parse(value)), true));
      if (precision <= 9) return each(4, (view, at, value) => view.setInt32(at, Number(parse(value)), true));
      if (precision <= 18) return each(8, (view, at, value) => view.setBigInt64(at, parse(value), true));
      return each(16, (view, at, value) => write128(view, at, parse(value)));
    }
    case 'enum': {
      const index = new Map(type.values.map((value, i) => [value, i]));
      const size = index.size <= 256 ? 1 : index.size <= 65_536 ? 2 : 4;
      return each(size, (view, at, value) => {
        const found = typeof value === 'string' ? index.get(value) : undefined;
        if (found === undefined) throw misfit(value);
        if (size === 1) view.setUint8(at, found);
        else if (size === 2) view.setUint16(at, found, true);
        else view.setUint32(at, found, true);
      });
    }
    default:
      return nestedWriter(bindings, type, column, misfit);
  }
}

function nestedWriter(
  bindings: Bindings,
  type: Extract<LogicalType, { kind: 'list' | 'struct' | 'map' }>,
  column: string,
  misfit: (value: Value) => Error,
): VectorWriter {
  if (type.kind === 'struct') {
    const members = type.fields.map((f) => ({
      field: f,
      write: createWriter(bindings, f.type, `${column}.${f.name}`),
    }));
    return (vector, values, count) => {
      for (const [index, { field, write }] of members.entries()) {
        const picked = Array.from({ length: count }, (_, i): Value => {
          const value = values[i] ?? null;
          if (value === null) return null;
          if (!isStruct(value)) throw misfit(value);
          const member = value[field.name] ?? null;
          if (member === null && !field.nullable)
            throw errors.VP_DUCKDB_NULL({ column: `${column}.${field.name}` });
          return member;
        });
        write(bindings.struct_vector_get_child(vector, index), picked, count);
      }
      writeValidity(bindings, vector, values, count);
    };
  }
  const item = type.kind === 'list' ? type.item : undefined;
  const writeItem = item && createWriter(bindings, item.type, `${column}[]`);
  const writeKey = type.kind === 'map' ? createWriter(bindings, type.key, `${column} key`) : undefined;
  const writeValue =
    type.kind === 'map' ? createWriter(bindings, type.value.type, `${column} value`) : undefined;
  return (vector, values, count) => {
    const flat: Value[] = [];
    const entries = new BigUint64Array(count * 2);
    for (let i = 0; i < count; i += 1) {
      const value = values[i] ?? null;
      if (value !== null && !Array.isArray(value)) throw misfit(value);
      entries[i * 2] = BigInt(flat.length);
      entries[i * 2 + 1] = BigInt(value?.length ?? 0);
      for (const element of value ?? []) flat.push(element);
    }
    bindings.list_vector_reserve(vector, flat.length);
    bindings.list_vector_set_size(vector, flat.length);
    const child = bindings.list_vector_get_child(vector);
    if (writeItem !== undefined) {
      if (item?.nullable === false && flat.includes(null))
        throw errors.VP_DUCKDB_NULL({ column: `${column}[]` });
      writeItem(child, flat, flat.length);
    } else {
      const pairs = flat.map((pair) => {
        if (!Array.isArray(pair) || pair.length !== 2 || pair[0] === null) throw misfit(pair);
        return pair;
      });
      writeKey?.(
        bindings.struct_vector_get_child(child, 0),
        pairs.map((p): Value => p[0]),
        flat.length,
      );
      writeValue?.(
        bindings.struct_vector_get_child(child, 1),
        pairs.map((p): Value => p[1]),
        flat.length,
      );
    }
    bindings.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
    writeValidity(bindings, vector, values, count);
  };
}

function bigints(
  kind: BigInt64Array | BigUint64Array,
  factor: bigint,
  misfit: (value: Value, reason?: string) => Error,
  flush: (vector: Vector, data: ArrayBufferView<ArrayBuffer>, values: ColumnValues, count: number) => void,
): VectorWriter {
  const isSigned = kind instanceof BigInt64Array;
  return (vector, values, count) => {
    const data = isSigned ? new BigInt64Array(count) : new BigUint64Array(count);
    for (let i = 0; i < count; i += 1) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      if (typeof value !== 'bigint') throw misfit(value);
      const scaled = factor === 1n ? value : value * factor;
      data[i] = scaled;
      if (data[i] !== scaled) throw misfit(value, 'outside 64 bits');
    }
    flush(vector, data, values, count);
  };
}

function texts(
  values: ColumnValues,
  count: number,
  misfit: (value: Value, reason?: string) => Error,
): readonly (string | null)[] {
  const result = new Array<string | null>(count);
  for (let i = 0; i < count; i += 1) {
    const value = values[i] ?? null;
    if (value !== null && typeof value !== 'string') throw misfit(value);
    if (value !== null && !value.isWellFormed()) throw misfit(value, 'half of a surrogate pair is no text');
    result[i] = value;
  }
  return result;
}

function writeValidity(bindings: Bindings, vector: Vector, values: ColumnValues, count: number): void {
  // Typed arrays cannot hold null.
  if (ArrayBuffer.isView(values)) return;
  let bits: Uint8Array<ArrayBuffer> | undefined;
  for (let i = 0; i < count; i += 1) {
    if (values[i] !== null && values[i] !== undefined) continue;
    bits ??= new Uint8Array(Math.ceil(count / 64) * 8).fill(0xff);
    bits[i >> 3] = (bits[i >> 3] ?? 0) & ~(1 << (i & 7));
  }
  if (bits === undefined) return;
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}

function isInterval(
  value: Value,
): value is { readonly months: number; readonly days: number; readonly nanos: bigint } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'months' in value &&
    'days' in value &&
    'nanos' in value &&
    typeof value.months === 'number' &&
    typeof value.days === 'number' &&
    typeof value.nanos === 'bigint'
  );
}

function isStruct(value: NonNullable<Value>): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function show(value: Value): string {
  const text =
    JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
