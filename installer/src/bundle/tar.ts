/** One member of the archives that bundles are: a plain file with a short name (POSIX ustar). */
export interface TarHeader {
  readonly name: string;
  readonly size: number;
}

export const blockSize = 512;

/** Bytes that a member takes up, with its header and up to a whole block. */
export const padded = (size: number): number => Math.ceil(size / blockSize) * blockSize;

/** A header without anything that differs between machines and moments. */
export function tarHeader({ name, size }: TarHeader): Buffer {
  const header = Buffer.alloc(blockSize);
  const bytes = Buffer.byteLength(name);
  if (bytes > 100) throw new RangeError(`a member of a bundle has a name of ${bytes} bytes: ${name}`);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Reads a header; `undefined` for the empty block at the end, a text for what is wrong with it. */
export function readTarHeader(block: Buffer): TarHeader | string | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (block.toString('latin1', 257, 262) !== 'ustar') return 'it is no tar archive';
  const end = block.indexOf(0);
  const name = block.toString('utf8', 0, Math.min(end === -1 ? 100 : end, 100));
  const size = Number.parseInt(block.toString('latin1', 124, 135), 8);
  const isName = /^[\w@.%+-]+(\/[\w@.%+-]+)*$/.test(name);
  // There is one way to write a header, so none can be changed unseen.
  if (isName && Number.isSafeInteger(size) && size >= 0 && tarHeader({ name, size }).equals(block))
    return { name, size };
  return `it has an entry that no bundle has: ${JSON.stringify(name)}`;
}

/** Sum of the bytes, those of the checksum itself counting as spaces. */
function checksum(block: Buffer): number {
  let sum = 8 * 32;
  for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum;
}
