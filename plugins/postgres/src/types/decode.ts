import { formatType, type LogicalType, type Value } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { type ColumnType, oids } from './native-type.ts';
import { numericText } from './numeric.ts';

/** Reads one value out of its bytes, `start` to `end`. */
export type Decoder = (bytes: Buffer, start: number, end: number) => Value;

/** Days and microseconds from 1970 to 2000, where the server counts from. */
const epochDays = 10_957;
const epochMicros = 946_684_800_000_000n;

/** What reads a column's values from their binary form. Source: the *_send functions of the server. */
export function decoderOf(column: string, { type, oid, item, via }: ColumnType): Decoder {
  if (via === 'text') return text;
  if (item !== undefined) return listDecoder(column, item, type);
  const impossible = (value: string) => errors.VP_POSTGRES_VALUE({ column, type: formatType(type), value });
  switch (oid) {
    case oids.bool:
      return (bytes, start) => bytes[start] === 1;
    case oids.int2:
      return (bytes, start) => bytes.readInt16BE(start);
    case oids.int4:
      return (bytes, start) => bytes.readInt32BE(start);
    case oids.oid:
      return (bytes, start) => bytes.readUInt32BE(start);
    case oids.int8:
    case oids.time:
      return (bytes, start) => bytes.readBigInt64BE(start);
    case oids.float4:
      return (bytes, start) => bytes.readFloatBE(start);
    case oids.float8:
      return (bytes, start) => bytes.readDoubleBE(start);
    case oids.bytea:
      return (bytes, start, end) => Uint8Array.from(bytes.subarray(start, end));
    case oids.uuid:
      return uuid;
    case oids.jsonb:
      // The first byte is the version of the form.
      return (bytes, start, end) => bytes.toString('utf8', start + 1, end);
    case oids.numeric:
      return (bytes, start) => {
        const value = numericText(bytes, start);
        if (/[IN]/.test(value)) throw impossible(value);
        return value;
      };
    case oids.date:
      return (bytes, start) => {
        const days = bytes.readInt32BE(start);
        if (days === 2_147_483_647) throw impossible('infinity');
        if (days === -2_147_483_648) throw impossible('-infinity');
        return days + epochDays;
      };
    case oids.timestamp:
    case oids.timestamptz:
      return (bytes, start) => {
        const micros = bytes.readBigInt64BE(start);
        if (micros === 9_223_372_036_854_775_807n) throw impossible('infinity');
        if (micros === -9_223_372_036_854_775_808n) throw impossible('-infinity');
        return micros + epochMicros;
      };
    case oids.interval:
      return (bytes, start) => ({
        months: bytes.readInt32BE(start + 12),
        days: bytes.readInt32BE(start + 8),
        nanos: bytes.readBigInt64BE(start) * 1000n,
      });
    default:
      return text;
  }
}

const text: Decoder = (bytes, start, end) => bytes.toString('utf8', start, end);

const uuid: Decoder = (bytes, start) => {
  const hex = bytes.toString('hex', start, start + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** Source: arrayfuncs.c. Each value says its own dimensions; the column's are what was promised. */
function listDecoder(column: string, item: ColumnType, type: LogicalType): Decoder {
  const decode = decoderOf(column, item);
  const promised = depthOf(type);
  return (bytes, start) => {
    const dimensions = bytes.readInt32BE(start);
    if (dimensions === 0) return [];
    if (dimensions !== promised) {
      const value = `an array of ${dimensions} dimensions`;
      throw errors.VP_POSTGRES_VALUE({ column, type: formatType(type), value });
    }
    let at = start + 12 + 8 * dimensions;
    const next = (): Value => {
      const length = bytes.readInt32BE(at);
      at += 4;
      if (length < 0) return null;
      const value = decode(bytes, at, at + length);
      at += length;
      return value;
    };
    const read = (dimension: number): Value[] => {
      const length = bytes.readInt32BE(start + 12 + 8 * dimension);
      const items: Value[] = [];
      for (let index = 0; index < length; index++)
        items.push(dimension + 1 === dimensions ? next() : read(dimension + 1));
      return items;
    };
    return read(0);
  };
}

function depthOf(type: LogicalType): number {
  return type.kind === 'list' ? 1 + depthOf(type.item.type) : 0;
}
