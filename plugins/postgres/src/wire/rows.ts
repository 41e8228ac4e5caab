import type { RowBatch, Value } from '@vp/plugin-sdk';
import type { Decoder } from '../types/decode.ts';

/** `PGCOPY\n\xff\r\n\0`, flags, length of the extension. */
const headerLength = 19;

/**
 * The rows in CopyData messages of `COPY … (FORMAT binary)`, column by column. The header stands before
 * the first row, and a row count of -1 after the last.
 */
export async function* decodeRows(
  chunks: AsyncIterable<Buffer>,
  decoders: readonly Decoder[],
  batchRows = 4096,
): AsyncGenerator<RowBatch> {
  const width = decoders.length;
  let columns: Value[][] = decoders.map(() => []);
  let length = 0;
  let isFirst = true;
  for await (const bytes of chunks) {
    let at = 0;
    while (at < bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      at += 5;
      if (isFirst) {
        isFirst = false;
        at += headerLength;
        if (at >= end) continue;
      }
      if (bytes.readInt16BE(at) < 0) {
        at = end;
        continue;
      }
      at += 2;
      for (let index = 0; index < width; index++) {
        const size = bytes.readInt32BE(at);
        at += 4;
        const column = columns[index] as Value[];
        if (size < 0) column.push(null);
        else {
          column.push((decoders[index] as Decoder)(bytes, at, at + size));
          at += size;
        }
      }
      length += 1;
      if (length === batchRows) {
        yield { length, columns };
        columns = decoders.map(() => []);
        length = 0;
      }
    }
  }
  if (length > 0) yield { length, columns };
}
