import { WireFault } from './fault.ts';

/** Reads what a {@link ByteWriter} wrote, and believes none of it. */
export class ByteReader {
  readonly #buffer: Buffer;
  #at: number;
  readonly #end: number;

  constructor(buffer: Buffer, at = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#at = at;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Where `size` bytes begin, which are passed over. */
  take(size: number): number {
    if (size > this.left) throw new WireFault(`${size} bytes announced where ${this.left} are left`);
    const at = this.#at;
    this.#at += size;
    return at;
  }

  align(): void {
    this.take(Math.min(-this.#at & 7, this.left));
  }

  u8(): number {
    return this.#buffer.readUInt8(this.take(1));
  }

  u32(): number {
    return this.#buffer.readUInt32LE(this.take(4));
  }

  i32(): number {
    return this.#buffer.readInt32LE(this.take(4));
  }

  f64(): number {
    return this.#buffer.readDoubleLE(this.take(8));
  }

  raw(size: number): Buffer {
    const at = this.take(size);
    return this.#buffer.subarray(at, at + size);
  }

  latin1(size: number): string {
    const at = this.take(size);
    return this.#buffer.toString('latin1', at, at + size);
  }

  utf16(characters: number): string {
    const at = this.take(characters * 2);
    return this.#buffer.toString('utf16le', at, at + characters * 2);
  }

  /** @throws WireFault when anything is left */
  end(): void {
    if (this.left > 0) throw new WireFault(`${this.left} bytes too many`);
  }
}
