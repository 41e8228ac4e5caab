import type { Field, LogicalType } from '@vp/plugin-sdk';
import { listOf, quoteText } from '../sql/quote.ts';
import { castText, castTo, failure } from '../types/casts.ts';
import { toDuckType } from '../types/duck-type.ts';
import { type Scan, textColumn } from './csv-scan.ts';

/**
 * JSON with stated columns. Leaves are read as text and cast by us, as for CSV. DuckDB reads numbers
 * as 64-bit integers or doubles: a decimal with more digits than a double keeps must be a JSON string.
 */
export function jsonScan(options: {
  readonly files: readonly string[];
  readonly fields: readonly Field[];
  readonly format: 'json' | 'ndjson';
  readonly compression: string | undefined;
  readonly extra?: string;
}): Scan {
  const { files, fields, format, compression, extra = '' } = options;
  const columns = fields.map((f) => `${quoteText(f.name)}: ${quoteText(readType(f.type, f.name))}`);
  const args = [
    `format = ${format === 'ndjson' ? "'newline_delimited'" : "'auto'"}`,
    "records = 'true'",
    `columns = {${columns.join(', ')}}`,
    'hive_partitioning = false',
    `maximum_object_size = ${64 * 2 ** 20}`,
    ...(compression === undefined ? [] : [`compression = ${quoteText(compression)}`]),
  ];
  return {
    relation: `read_json(${listOf(files.map(quoteText))}, ${args.join(', ')}${extra})`,
    columns: fields.map((f) => textColumn(f, (x) => fromJson(x, f))),
  };
}

function fromJson(x: string, { name, type }: Field): string {
  if (type.kind === 'json') return x;
  if (type.kind !== 'decimal')
    return isLeaf(type) ? castLeaf(x, type, name) : castTo(x, asText(type), type, name);
  const text = castText(`json_extract_string(${x}, '$')`, type, name);
  const number = `CAST(${x} AS VARCHAR)`;
  const reason = 'a JSON number keeps 15 digits; write it as a string.';
  const digits = `length(replace(replace(replace(${number}, '-', ''), '.', ''), ' ', ''))`;
  return `CASE WHEN NOT starts_with(${number}, '"') AND ${digits} > 15 THEN ${failure(name, 'decimal', reason, x)} ELSE ${text} END`;
}

function castLeaf(x: string, type: LogicalType, column: string): string {
  return type.kind === 'binary' ? `CAST(${x} AS BLOB)` : castText(x, type, column);
}

function readType(type: LogicalType, column: string): string {
  return type.kind === 'decimal' ? 'JSON' : toDuckType(asText(type), column);
}

function isLeaf(type: LogicalType): boolean {
  return type.kind !== 'list' && type.kind !== 'struct' && type.kind !== 'map';
}

function asText(type: LogicalType): LogicalType {
  switch (type.kind) {
    case 'list':
      return { kind: 'list', item: { type: asText(type.item.type), nullable: true } };
    case 'struct':
      return {
        kind: 'struct',
        fields: type.fields.map((f) => ({ ...f, type: asText(f.type), nullable: true })),
      };
    case 'map':
      return { kind: 'map', key: asText(type.key), value: { type: asText(type.value.type), nullable: true } };
    case 'json':
      return type;
    default:
      return { kind: 'utf8' };
  }
}
