import type { ColumnValues, LogicalType, Value } from '@vp/plugin-sdk';
import type { Bindings } from '../native/load.ts';
import { readText } from './text.ts';
import { typeIds as ids } from './type-ids.ts';
import { formatDecimal, formatUuid, read128 } from './wide-values.ts';

type Vector = import('@duckdb/node-bindings').Vector;
type DuckDBType = import('@duckdb/node-api').DuckDBType;

/** Reads the first `count` values of a vector. */
export type VectorReader = (vector: Vector, count: number) => ColumnValues;

type TypedArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;
interface TypedArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): TypedArray;
}

const arrays: ReadonlyMap<number, TypedArrayConstructor> = new Map<number, TypedArrayConstructor>([
  [ids.TINYINT, Int8Array],
  [ids.SMALLINT, Int16Array],
  [ids.INTEGER, Int32Array],
  [ids.SQLNULL, Int32Array],
  [ids.BIGINT, BigInt64Array],
  [ids.UTINYINT, Uint8Array],
  [ids.USMALLINT, Uint16Array],
  [ids.UINTEGER, Uint32Array],
  [ids.UBIGINT, BigUint64Array],
  [ids.FLOAT, Float32Array],
  [ids.DOUBLE, Float64Array],
  [ids.DATE, Int32Array],
  [ids.TIME, BigInt64Array],
  [ids.TIME_NS, BigInt64Array],
  [ids.TIMESTAMP, BigInt64Array],
  [ids.TIMESTAMP_S, BigInt64Array],
  [ids.TIMESTAMP_MS, BigInt64Array],
  [ids.TIMESTAMP_NS, BigInt64Array],
  [ids.TIMESTAMP_TZ, BigInt64Array],
]);

/** Units of DuckDB's value in one unit of the logical type, where DuckDB has only a finer one. */
export function unitFactor(type: LogicalType): bigint {
  const isWiderInDuckdb = type.kind === 'time' || (type.kind === 'timestamp' && type.tz !== undefined);
  if (!isWiderInDuckdb) return 1n;
  return type.unit === 's' ? 1_000_000n : type.unit === 'ms' ? 1_000n : 1n;
}

/** How vectors of a DuckDB type become the JavaScript values documented at `LogicalType`. */
export function createReader(bindings: Bindings, duck: DuckDBType, type: LogicalType): VectorReader {
  const array = arrays.get(duck.typeId);
  if (array !== undefined) {
    const factor = unitFactor(type);
    return (vector, count) => {
      const data = bindings.vector_get_data(vector, count * array.BYTES_PER_ELEMENT);
      const values = new array(data.slice().buffer, 0, count);
      const scaled =
        factor === 1n || !(values instanceof BigInt64Array) ? values : values.map((v) => v / factor);
      return withNulls(bindings, vector, scaled, count);
    };
  }
  const each =
    (size: number, read: (view: DataView, at: number) => Value): VectorReader =>
    (vector, count) => {
      const data = bindings.vector_get_data(vector, count * size);
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const isNull = nullTest(bindings, vector, count);
      return Array.from({ length: count }, (_, i) => (isNull(i) ? null : read(view, i * size)));
    };
  switch (duck.typeId) {
    case ids.BOOLEAN:
      return each(1, (view, at) => view.getUint8(at) !== 0);
    case ids.VARCHAR:
      return (vector, count) => readText(bindings, vector, count, nullTest(bindings, vector, count));
    case ids.HUGEINT:
      return each(16, (view, at) => read128(view, at).toString());
    case ids.UHUGEINT:
      return each(16, (view, at) => BigInt.asUintN(128, read128(view, at)).toString());
    case ids.UUID:
      return each(16, (view, at) => formatUuid(read128(view, at)));
    case ids.INTERVAL:
      return each(16, (view, at) => ({
        months: view.getInt32(at, true),
        days: view.getInt32(at + 4, true),
        nanos: view.getBigInt64(at + 8, true) * 1000n,
      }));
    case ids.BLOB:
      return each(16, (view, at) => {
        const length = view.getUint32(at, true);
        if (length <= 12) return new Uint8Array(view.buffer, view.byteOffset + at + 4, length).slice();
        return bindings
          .get_data_from_pointer(toArrayBuffer(view.buffer), view.byteOffset + at + 8, length)
          .slice();
      });
    case ids.DECIMAL: {
      const { width, scale } = 'width' in duck ? duck : { width: 18, scale: 0 };
      if (width <= 4) return each(2, (view, at) => formatDecimal(view.getInt16(at, true), scale));
      if (width <= 9) return each(4, (view, at) => formatDecimal(view.getInt32(at, true), scale));
      if (width <= 18) return each(8, (view, at) => formatDecimal(view.getBigInt64(at, true), scale));
      return each(16, (view, at) => formatDecimal(read128(view, at), scale));
    }
    case ids.ENUM: {
      const values = 'values' in duck ? duck.values : [];
      const pick = (index: number): Value => values[index] ?? null;
      if (values.length <= 256) return each(1, (view, at) => pick(view.getUint8(at)));
      if (values.length <= 65_536) return each(2, (view, at) => pick(view.getUint16(at, true)));
      return each(4, (view, at) => pick(view.getUint32(at, true)));
    }
    default:
      return nestedReader(bindings, duck, type);
  }
}

function nestedReader(bindings: Bindings, duck: DuckDBType, type: LogicalType): VectorReader {
  if (duck.typeId === ids.LIST && 'valueType' in duck && type.kind === 'list') {
    const item = createReader(bindings, duck.valueType, type.item.type);
    return (vector, count) => listsOf(bindings, vector, count, item, (items, i) => items[i] ?? null);
  }
  if (duck.typeId === ids.ARRAY && 'length' in duck && type.kind === 'list') {
    const item = createReader(bindings, duck.valueType, type.item.type);
    const size = duck.length;
    return (vector, count) => {
      const isNull = nullTest(bindings, vector, count);
      const items = item(bindings.array_vector_get_child(vector), count * size);
      return Array.from({ length: count }, (_, i) =>
        isNull(i) ? null : Array.from({ length: size }, (_none, j) => items[i * size + j] ?? null),
      );
    };
  }
  if (duck.typeId === ids.STRUCT && 'entryTypes' in duck && type.kind === 'struct') {
    const readers = type.fields.flatMap((f, i) => {
      const entry = duck.entryTypes[i];
      return entry === undefined ? [] : [createReader(bindings, entry, f.type)];
    });
    return (vector, count) => {
      const isNull = nullTest(bindings, vector, count);
      const members = readers.map((read, i) => read(bindings.struct_vector_get_child(vector, i), count));
      return Array.from({ length: count }, (_, r) =>
        isNull(r) ? null : Object.fromEntries(type.fields.map((f, m) => [f.name, members[m]?.[r] ?? null])),
      );
    };
  }
  if (duck.typeId === ids.MAP && 'keyType' in duck && type.kind === 'map') {
    const key = createReader(bindings, duck.keyType, type.key);
    const value = createReader(bindings, duck.valueType, type.value.type);
    const entries: VectorReader = (vector, count) => {
      const keys = key(bindings.struct_vector_get_child(vector, 0), count);
      const values = value(bindings.struct_vector_get_child(vector, 1), count);
      return Array.from({ length: count }, (_, i): Value => [keys[i] ?? null, values[i] ?? null]);
    };
    return (vector, count) => listsOf(bindings, vector, count, entries, (items, i) => items[i] ?? null);
  }
  throw new TypeError(`No reader for ${duck.toString()}`);
}

function listsOf(
  bindings: Bindings,
  vector: Vector,
  count: number,
  item: VectorReader,
  pick: (items: ColumnValues, index: number) => Value,
): ColumnValues {
  const data = bindings.vector_get_data(vector, count * 16);
  const entries = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isNull = nullTest(bindings, vector, count);
  const items = item(bindings.list_vector_get_child(vector), bindings.list_vector_get_size(vector));
  return Array.from({ length: count }, (_, i) => {
    if (isNull(i)) return null;
    const start = Number(entries.getBigUint64(i * 16, true));
    const length = Number(entries.getBigUint64(i * 16 + 8, true));
    return Array.from({ length }, (_none, j) => pick(items, start + j));
  });
}

/** Vectors without NULLs stay typed arrays. */
function withNulls(bindings: Bindings, vector: Vector, values: TypedArray, count: number): ColumnValues {
  const validity = bindings.vector_get_validity(vector, Math.ceil(count / 64) * 8);
  if (!hasNulls(validity, count)) return values;
  return Array.from({ length: count }, (_, i) => (isValid(validity, i) ? (values[i] ?? null) : null));
}

function nullTest(bindings: Bindings, vector: Vector, count: number): (index: number) => boolean {
  const validity = bindings.vector_get_validity(vector, Math.ceil(count / 64) * 8);
  if (!hasNulls(validity, count)) return () => false;
  const bits = validity.slice();
  return (index) => !isValid(bits, index);
}

function isValid(validity: Uint8Array, index: number): boolean {
  return (((validity[index >> 3] ?? 0xff) >> (index & 7)) & 1) === 1;
}

// The bindings give null for a vector whose values are all valid, whatever their types say.
function hasNulls(validity: Uint8Array | null, count: number): validity is Uint8Array {
  if (validity === null) return false;
  const whole = count >> 3;
  for (let i = 0; i < whole; i += 1) if (validity[i] !== 0xff) return true;
  for (let i = whole * 8; i < count; i += 1) if (!isValid(validity, i)) return true;
  return false;
}

function toArrayBuffer(buffer: ArrayBufferLike): ArrayBuffer {
  if (buffer instanceof ArrayBuffer) return buffer;
  throw new TypeError('vectors are plain memory');
}
