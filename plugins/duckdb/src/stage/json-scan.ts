import { type Field, formatType, type LogicalType } from '@vp/plugin-sdk';
import { listOf, quoteText } from '../sql/quote.ts';
import { castTo } from '../types/casts.ts';
import { toDuckType } from '../types/duck-type.ts';
import { failure } from '../types/failure.ts';
import { castText, plainCast, textGuard } from '../types/text-cast.ts';
import { type Scan, type TextCast, textScanOf } from './csv-scan.ts';

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
  const relation = `read_json(${listOf(files.map(quoteText))}, ${args.join(', ')}${extra})`;
  return textScanOf({ relation, fields, cast: fromJson });
}

function fromJson(x: string, { name, type }: Field): TextCast {
  switch (type.kind) {
    case 'json':
      return { expression: x };
    case 'binary':
      return { expression: `CAST(${x} AS BLOB)` };
    case 'list':
    case 'struct':
    case 'map':
      return { expression: castTo(x, asText(type), type, name) };
    case 'decimal': {
      const text = castText(`json_extract_string(${x}, '$')`, type, name);
      const number = `CAST(${x} AS VARCHAR)`;
      const digits = `length(replace(replace(${number}, '-', ''), '.', ''))`;
      const fail = failure(name, formatType(type), 'a JSON number keeps 15 digits; write it as a string.', x);
      return {
        expression: `CASE WHEN NOT starts_with(${number}, '"') AND ${digits} > 15 THEN ${fail} ELSE ${text} END`,
      };
    }
    default:
      return { expression: plainCast(x, type, name), guard: textGuard(x, type, name) };
  }
}

function readType(type: LogicalType, column: string): string {
  return type.kind === 'decimal' ? 'JSON' : toDuckType(asText(type), column);
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
