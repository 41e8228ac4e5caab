/** Bytes that grow. Numbers are little-endian; {@link ByteWriter.align} makes room for typed arrays. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(size = 256) {
    // Never from the pool: typed arrays over it need an offset of 0.
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(size, 64));
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes so far; not to be written after. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Room for `size` bytes; gives where it begins. What is there is not cleared. */
  reserve(size: number): number {
    const at = this.#length;
    const needed = at + size;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
    }
    this.#length = needed;
    return at;
  }

  /** Forgets what was written from `length` on. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Zeros up to the next multiple of 8. */
  align(): void {
    const padding = -this.#length & 7;
    if (padding === 0) return;
    const at = this.reserve(padding);
    this.#buffer.fill(0, at, at + padding);
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.#buffer[at] = value;
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  setU8(at: number, value: number): void {
    this.#buffer[at] = value;
  }

  setU32(at: number, value: number): void {
    this.#buffer.writeUInt32LE(value, at);
  }

  i32(value: number): void {
    const at = this.reserve(4);
    this.#buffer.writeInt32LE(value, at);
  }

  f64(value: number): void {
    const at = this.reserve(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  raw(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    this.#buffer.set(bytes, at);
  }

  latin1(text: string): void {
    const at = this.reserve(text.length);
    this.#buffer.write(text, at, text.length, 'latin1');
  }

  /** Writes a text of one byte a character; gives false, and writes nothing, when it is no such text. */
  ascii(text: string): boolean {
    const at = this.#length;
    // As UTF-8 any other text is longer, and does not end before these bytes are full.
    const room = text.length + 4;
    this.reserve(room);
    const written = this.#buffer.write(text, at, room, 'utf8');
    this.#length = written === text.length ? at + written : at;
    return written === text.length;
  }

  utf16(text: string): void {
    const at = this.reserve(text.length * 2);
    this.#buffer.write(text, at, text.length * 2, 'utf16le');
  }

  /** The whole buffer, for typed arrays over what was reserved. Gone with the next growth. */
  get memory(): ArrayBuffer {
    const { buffer } = this.#buffer;
    if (!(buffer instanceof ArrayBuffer)) throw new TypeError('a buffer of its own has an ArrayBuffer');
    return buffer;
  }
}
