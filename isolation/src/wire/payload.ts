import type { DataFile, FilesPayload, Payload, RowBatch, TableSchema } from '@vp/contracts';
import { WireFault } from './fault.ts';
import type { Link } from './link.ts';
import type { Incoming } from './streams.ts';
import type { Crossing } from './value.ts';

/** Makes a payload cross: what is described here is sent when the other end asks for it. */
export function announcePayload(link: Link, payload: Payload): { readonly [key: string]: unknown } {
  const { schema, estimatedRows, estimatedBytes } = payload;
  const base = { schema, estimatedRows, estimatedBytes, format: payload.format };
  switch (payload.carrier) {
    case 'rows': {
      const stream = link.produce({ kind: 'batches', schema, items: payload.batches });
      return { ...base, carrier: 'rows', stream };
    }
    case 'stream': {
      const stream = link.produce({ kind: 'bytes', items: payload.stream });
      return { ...base, carrier: 'stream', stream, csv: payload.csv, options: payload.options };
    }
    case 'files':
      return {
        ...base,
        carrier: 'files',
        files: payload.files,
        csv: payload.csv,
        options: payload.options,
      };
    default:
      // The host refuses it: what a plugin has in an engine, or says that it has, is not for it to name.
      return { ...base, carrier: 'relation', sql: payload.sql };
  }
}

/** How the end that receives a payload looks at it. */
export interface ReceiveOptions {
  /** Called with each stream that comes with it, which must be ended by whoever ends the payload. */
  opened?(stream: Incoming): void;
  /** Looks at a file that the other end names. @throws when it may not be handed on */
  file?(file: DataFile): Promise<DataFile>;
  /** Called for a relation of an engine, which does not cross. */
  relation?(): void;
  /** Wraps the stream of a payload, e.g. so that it fails with a signal's reason. */
  guard?<T>(items: AsyncIterable<T>): AsyncIterable<T>;
}

/** The payload that the other end described. @throws WireFault, and what `file` throws */
export async function receivePayload(
  link: Link,
  data: Crossing,
  options: ReceiveOptions = {},
): Promise<Payload> {
  const { carrier, stream, schema: given, format, files, ...rest } = objectOf(data, 'a payload');
  const schema = schemaOf(given);
  const guard = options.guard ?? ((items) => items);
  const optional = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => payloadKeys.has(key) && value !== undefined),
  );
  if (carrier === 'rows') {
    const incoming = link.consume(stream, { kind: 'batches', schema });
    options.opened?.(incoming);
    // What a stream of batches carries was decoded as batches.
    const batches = guard(incoming as AsyncIterable<unknown> as AsyncIterable<RowBatch>);
    return { ...optional, carrier, format: 'rows', schema, batches };
  }
  if (typeof format !== 'string') throw new WireFault('a payload without a format');
  if (carrier === 'stream') {
    const incoming = link.consume(stream, { kind: 'bytes' });
    options.opened?.(incoming);
    const bytes = guard(incoming as AsyncIterable<unknown> as AsyncIterable<Uint8Array>);
    return { ...optional, carrier, format, schema, stream: bytes };
  }
  if (carrier === 'relation') {
    options.relation?.();
    throw new WireFault('a relation of an engine');
  }
  if (carrier !== 'files') throw new WireFault('a payload of an unknown kind');
  const named = arrayOf(files, 'the files of a payload').map(fileOf);
  const checked = options.file === undefined ? named : await Promise.all(named.map(options.file));
  const payload: FilesPayload = { ...optional, carrier, format, schema, files: checked };
  return payload;
}

const payloadKeys = new Set(['estimatedRows', 'estimatedBytes', 'csv', 'options']);

export function objectOf(data: Crossing, what: string): { readonly [key: string]: Crossing } {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || ArrayBuffer.isView(data)) {
    throw new WireFault(`${what} that is no object`);
  }
  return data as { readonly [key: string]: Crossing };
}

export function arrayOf(data: Crossing, what: string): readonly Crossing[] {
  if (!Array.isArray(data)) throw new WireFault(`${what} that are no list`);
  return data;
}

/** A schema, as far as decoding depends on it: names and types. */
export function schemaOf(data: Crossing): TableSchema {
  const fields = arrayOf(objectOf(data, 'a schema').fields, 'the fields of a schema');
  for (const field of fields) fieldOf(field, 0);
  return data as unknown as TableSchema;
}

function fieldOf(data: Crossing, depth: number): void {
  const { name, type } = objectOf(data, 'a field');
  if (typeof name !== 'string') throw new WireFault('a field without a name');
  typeOf(type, depth);
}

function typeOf(data: Crossing, depth: number): void {
  if (depth > 32) throw new WireFault('a type of more than 32 levels');
  const type = objectOf(data, 'a type');
  switch (type.kind) {
    case 'list':
      typeOf(objectOf(type.item, 'an item').type, depth + 1);
      return;
    case 'struct':
      for (const each of arrayOf(type.fields, 'the members of a struct')) fieldOf(each, depth + 1);
      return;
    case 'map':
      typeOf(type.key, depth + 1);
      typeOf(objectOf(type.value, 'the value of a map').type, depth + 1);
      return;
    case 'enum':
      for (const each of arrayOf(type.values, 'the values of an enum')) {
        if (typeof each !== 'string') throw new WireFault('an enum of something else than texts');
      }
      return;
    default:
      if (typeof type.kind !== 'string') throw new WireFault('a type without a kind');
  }
}

function fileOf(data: Crossing): DataFile {
  const { uri, bytes, compression, partition, temporary } = objectOf(data, 'a file');
  if (typeof uri !== 'string') throw new WireFault('a file without a name');
  return {
    uri,
    ...(typeof bytes === 'number' ? { bytes } : {}),
    ...(compression === 'none' || compression === 'gzip' || compression === 'zstd' || compression === 'snappy'
      ? { compression }
      : {}),
    ...(partition === undefined ? {} : { partition: textsOf(partition) }),
    ...(typeof temporary === 'boolean' ? { temporary } : {}),
  };
}

function textsOf(data: Crossing): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(objectOf(data, 'a partition'))) {
    if (typeof value === 'string') texts[key] = value;
  }
  return texts;
}
