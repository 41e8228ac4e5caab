import type { ColumnValues } from '@vp/plugin-sdk';
import type { Bindings } from '../native/load.ts';

type Vector = import('@duckdb/node-bindings').Vector;

const SLOT = 16;
const INLINE = 12;
const HIGH_BITS = 0x80808080;

/**
 * Reads a vector of strings. DuckDB's string is a slot of 16 bytes: length, then up to 12 bytes in
 * place, else a prefix and a pointer. Short ASCII strings, the usual case, are cut from one decoded
 * text of all slots, which is many times faster than decoding each.
 */
export function readText(
  bindings: Bindings,
  vector: Vector,
  count: number,
  isNull: (index: number) => boolean,
): ColumnValues {
  const data = bindings.vector_get_data(vector, count * SLOT);
  const slots = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const latin = slots.toString('latin1');
  const values = new Array<string | null>(count);
  for (let i = 0; i < count; i += 1) {
    if (isNull(i)) {
      values[i] = null;
      continue;
    }
    const at = i * SLOT;
    const length = view.getUint32(at, true);
    if (length > INLINE) {
      if (!(data.buffer instanceof ArrayBuffer)) throw new TypeError('vectors are plain memory');
      const bytes = bindings.get_data_from_pointer(data.buffer, data.byteOffset + at + 8, length);
      values[i] = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8');
      continue;
    }
    // Bytes after the end of a short string are zero.
    const high = view.getUint32(at + 4, true) | view.getUint32(at + 8, true) | view.getUint32(at + 12, true);
    values[i] =
      (high & HIGH_BITS) === 0
        ? latin.substring(at + 4, at + 4 + length)
        : slots.toString('utf8', at + 4, at + 4 + length);
  }
  return values;
}

/**
 * Writes strings: short ASCII ones straight into their slots, the others through the driver, which
 * keeps their bytes in the vector's heap.
 */
export function writeText(
  bindings: Bindings,
  vector: Vector,
  values: ArrayLike<string | null>,
  count: number,
): void {
  const slots = new Uint8Array(count * SLOT);
  const view = new DataView(slots.buffer);
  const long: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const text = values[i];
    if (text === null || text === undefined) continue;
    if (text.length > INLINE || !putShort(slots, view, i * SLOT, text)) long.push(i);
  }
  bindings.copy_data_to_vector(vector, 0, slots.buffer, 0, slots.byteLength);
  for (const i of long) {
    const text = values[i];
    if (typeof text === 'string')
      bindings.vector_assign_string_element_len(vector, i, Buffer.from(text, 'utf8'));
  }
}

function putShort(slots: Uint8Array, view: DataView, at: number, text: string): boolean {
  for (let j = 0; j < text.length; j += 1) {
    const code = text.charCodeAt(j);
    if (code > 127) {
      slots.fill(0, at + 4, at + SLOT);
      return false;
    }
    slots[at + 4 + j] = code;
  }
  view.setUint32(at, text.length, true);
  return true;
}
