import type { Secret } from '@vp/contracts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CannotCross, WireFault } from './fault.ts';
import { limits } from './limits.ts';

/** What crosses as a value: JSON, bigint, bytes, `undefined`, and secrets towards the plugin. */
export type Crossing =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Secret
  | readonly Crossing[]
  | { readonly [key: string]: Crossing };

const tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  number: 5,
  text: 6,
  wideText: 7,
  bigint: 8,
  bytes: 9,
  array: 10,
  object: 11,
  secret: 12,
} as const;

const VP_SECRET = Symbol.for('vp.secret');

function isSecret(value: object): value is Secret {
  return VP_SECRET in value && 'reveal' in value && typeof value.reveal === 'function';
}

/** How a value is written. */
export interface EncodeOptions {
  /** Whether secrets are sent with their values; otherwise as the text `[secret]`. */
  readonly secrets?: boolean;
}

/** Appends a value. @throws CannotCross */
export function encodeValue(writer: ByteWriter, value: unknown, options: EncodeOptions = {}): void {
  encode(writer, value, options, 0);
}

function encode(writer: ByteWriter, value: unknown, options: EncodeOptions, depth: number): void {
  switch (typeof value) {
    case 'undefined':
      writer.u8(tag.undefined);
      return;
    case 'boolean':
      writer.u8(value ? tag.true : tag.false);
      return;
    case 'number':
      if (Number.isInteger(value) && (value | 0) === value && !Object.is(value, -0)) {
        writer.u8(tag.int);
        writer.i32(value);
        return;
      }
      writer.u8(tag.number);
      writer.f64(value);
      return;
    case 'string':
      encodeText(writer, value);
      return;
    case 'bigint': {
      const text = value.toString();
      writer.u8(tag.bigint);
      writer.u32(text.length);
      writer.latin1(text);
      return;
    }
    case 'object':
      value === null ? writer.u8(tag.null) : encodeObject(writer, value, options, depth);
      return;
    default:
      throw new CannotCross(`a ${typeof value} cannot leave the plugin's process`);
  }
}

function encodeText(writer: ByteWriter, value: string): void {
  const isAscii = Buffer.byteLength(value) === value.length;
  writer.u8(isAscii ? tag.text : tag.wideText);
  writer.u32(value.length);
  if (isAscii) writer.latin1(value);
  else writer.utf16(value);
}

function encodeObject(writer: ByteWriter, value: object, options: EncodeOptions, depth: number): void {
  if (depth >= limits.depth) throw new CannotCross(`more than ${limits.depth} levels, or a cycle`);
  if (ArrayBuffer.isView(value)) {
    writer.u8(tag.bytes);
    writer.u32(value.byteLength);
    writer.raw(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return;
  }
  if (Array.isArray(value)) {
    writer.u8(tag.array);
    writer.u32(value.length);
    for (let i = 0; i < value.length; i += 1) encode(writer, value[i], options, depth + 1);
    return;
  }
  if (isSecret(value)) {
    if (options.secrets !== true) {
      encodeText(writer, '[secret]');
      return;
    }
    writer.u8(tag.secret);
    encodeText(writer, value.ref);
    encodeText(writer, value.reveal());
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new CannotCross(`${nameOf(value)} is neither JSON, bigint nor bytes`);
  }
  encodeEntries(writer, value, options, depth);
}

function encodeEntries(writer: ByteWriter, value: object, options: EncodeOptions, depth: number): void {
  writer.u8(tag.object);
  const at = writer.reserve(4);
  let count = 0;
  for (const [key, each] of Object.entries(value)) {
    // Methods of an otherwise plain object stay where they are.
    if (typeof each === 'function' || each === undefined) continue;
    encodeText(writer, key);
    encode(writer, each, options, depth + 1);
    count += 1;
  }
  writer.setU32(at, count);
}

function nameOf(value: object): string {
  const maker: unknown = value.constructor;
  return typeof maker === 'function' ? `a ${maker.name}` : 'an object of an unknown kind';
}

/** How a value is read. */
export interface DecodeOptions {
  /** Makes the secrets that arrive; without it none may. */
  readonly secret?: (ref: string, value: string) => Secret;
}

/** Reads a value. @throws WireFault */
export function decodeValue(reader: ByteReader, options: DecodeOptions = {}): Crossing {
  return new Decoder(reader, options).value(0);
}

class Decoder {
  readonly #reader: ByteReader;
  readonly #options: DecodeOptions;
  #values = 0;

  constructor(reader: ByteReader, options: DecodeOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  value(depth: number): Crossing {
    const reader = this.#reader;
    this.#values += 1;
    if (this.#values > limits.values) throw new WireFault(`more than ${limits.values} values in a frame`);
    const kind = reader.u8();
    switch (kind) {
      case tag.undefined:
        return undefined;
      case tag.null:
        return null;
      case tag.false:
        return false;
      case tag.true:
        return true;
      case tag.int:
        return reader.i32();
      case tag.number:
        return reader.f64();
      case tag.text:
        return reader.latin1(reader.u32());
      case tag.wideText:
        return reader.utf16(reader.u32());
      case tag.bigint:
        return this.#bigint();
      case tag.bytes:
        return Uint8Array.from(reader.raw(reader.u32()));
      case tag.array:
        return this.#array(depth + 1);
      case tag.object:
        return this.#object(depth + 1);
      case tag.secret:
        return this.#secret();
      default:
        throw new WireFault(`a value of kind ${kind}`);
    }
  }

  #text(): string {
    const kind = this.#reader.u8();
    const length = this.#reader.u32();
    if (kind === tag.text) return this.#reader.latin1(length);
    if (kind === tag.wideText) return this.#reader.utf16(length);
    throw new WireFault(`a text of kind ${kind}`);
  }

  #bigint(): bigint {
    const text = this.#reader.latin1(this.#reader.u32());
    // As decimal digits: a longer one would keep the reader busy for the sender's pleasure.
    if (!/^-?\d{1,4096}$/.test(text)) throw new WireFault('a bigint that is no number');
    return BigInt(text);
  }

  #count(depth: number): number {
    if (depth > limits.depth) throw new WireFault(`more than ${limits.depth} levels`);
    const count = this.#reader.u32();
    // Each value has a byte at least.
    if (count > this.#reader.left) throw new WireFault(`${count} values in ${this.#reader.left} bytes`);
    return count;
  }

  #array(depth: number): readonly Crossing[] {
    const count = this.#count(depth);
    const out: Crossing[] = [];
    for (let i = 0; i < count; i += 1) out.push(this.value(depth));
    return out;
  }

  #object(depth: number): { readonly [key: string]: Crossing } {
    const count = this.#count(depth);
    const out: Record<string, Crossing> = {};
    for (let i = 0; i < count; i += 1) {
      const key = this.#text();
      // The one key that would not become a member but the object's prototype.
      if (key === '__proto__') throw new WireFault('an object with the key __proto__');
      out[key] = this.value(depth);
    }
    return out;
  }

  #secret(): Secret {
    const ref = this.#text();
    const value = this.#text();
    if (this.#options.secret === undefined) throw new WireFault('a secret from the plugin');
    return this.#options.secret(ref, value);
  }
}
