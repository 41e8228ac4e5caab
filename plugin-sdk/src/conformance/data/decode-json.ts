import type { LogicalType, TableSchema, Value } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import { ensure, show } from '../ensure.ts';
import { parseText } from './parse-text.ts';

/** A JSON number with all its digits, which a JavaScript number would lose. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The rows of JSON text: an array of objects, or with `lines` one object a line. */
export function decodeJson(text: string, schema: TableSchema, lines: boolean): readonly Row[] {
  const documents = lines ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  const parsed = documents.map((document) => JSON.parse(document, keepDigits));
  const objects: unknown = lines ? parsed : parsed[0];
  ensure(Array.isArray(objects), `JSON holds ${show(objects)}, expected an array of objects`);
  return objects.map((object: unknown) => {
    ensure(typeof object === 'object' && object !== null, `JSON holds ${show(object)}, expected an object`);
    const members: ReadonlyMap<string, unknown> = new Map(Object.entries(object));
    const row: Record<string, Value> = {};
    for (const field of schema.fields) row[field.name] = fromJson(field.type, members.get(field.name));
    return row;
  });
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value;
}

function fromJson(type: LogicalType, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (type.kind === 'json') return typeof value === 'string' ? value : jsonText(value);
  if (value instanceof Digits) return parseText(type, value.text);
  if (type.kind === 'list' && Array.isArray(value))
    return value.map((item) => fromJson(type.item.type, item));
  if (type.kind === 'struct' && typeof value === 'object') {
    const members: ReadonlyMap<string, unknown> = new Map(Object.entries(value));
    return Object.fromEntries(type.fields.map((f) => [f.name, fromJson(f.type, members.get(f.name))]));
  }
  if (type.kind === 'map' && typeof value === 'object')
    return Object.entries(value).map(([k, v]) => [parseText(type.key, k), fromJson(type.value.type, v)]);
  return parseText(type, String(value));
}

function jsonText(value: unknown): string {
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${jsonText(v)}`);
  return `{${members.join(',')}}`;
}
