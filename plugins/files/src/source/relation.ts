import type { CsvDialect, Field } from '@vp/plugin-sdk';
import { identifier, literal, literals, namedArguments } from '../native/sql.ts';
import { castText, type TextPatterns, textType } from '../native/text-cast.ts';
import { toNative } from '../native/types.ts';
import type { DescribedFiles, FileSet, JsonShape } from './file-set.ts';

/** SQL text that can stand after FROM: the files, read with the types of the schema. */
export function relationOf(set: DescribedFiles): string {
  const own = ownFields(set);
  if (set.format === 'parquet') return parquetRelation(set);
  if (set.dialect !== undefined) return csvRelation(set, set.dialect, own);
  return jsonRelation(set, set.shape ?? 'newline_delimited', own);
}

/** The columns that the files themselves hold. */
export function ownFields(set: DescribedFiles): readonly Field[] {
  const folders = new Set(set.hive.map((f) => f.name));
  return set.schema.fields.filter((f) => !folders.has(f.name));
}

/** Parquet files. */
export function parquetRelation(set: FileSet): string {
  return `read_parquet(${paths(set)}${namedArguments({ ...unionArgument(set), ...hiveArguments(set) })})`;
}

/** CSV files; without `fields` the types are looked for. */
export function csvRelation(set: FileSet, dialect: CsvDialect, fields?: readonly Field[]): string {
  const shared = { ...dialectArguments(dialect), ...compressionArgument(set) };
  if (fields === undefined) {
    const search = {
      ...shared,
      ...patternArguments(dialect),
      ...hiveArguments(set),
      ...searchArguments(set),
    };
    return `read_csv(${paths(set)}${namedArguments({ ...search, union_by_name: 'true' })})`;
  }
  return `(select ${castColumns(set, fields, dialect)} from ${csvText(set, dialect, fields)})`;
}

/** CSV files with every column as text. */
function csvText(set: FileSet, dialect: CsvDialect, fields: readonly Field[]): string {
  const named = {
    ...dialectArguments(dialect),
    ...compressionArgument(set),
    ...hiveArguments(set),
    ...unionArgument(set),
    auto_detect: 'false',
    columns: columnsArgument(fields),
  };
  return `read_csv(${paths(set)}${namedArguments(named)})`;
}

/** A query for the first value that does not fit its column: `row`, `value`. */
export function badValueQuery(set: DescribedFiles, field: Field): string | undefined {
  const fields = ownFields(set);
  const name = identifier(field.name);
  const { isBad } = castText(name, field.type, field.name, set.dialect);
  if (isBad === undefined || set.format === 'parquet' || set.options.records !== undefined) return undefined;
  const text =
    set.dialect === undefined
      ? jsonText(set, set.shape ?? 'newline_delimited', fields)
      : csvText(set, set.dialect, fields);
  return `select row, value from (select row_number() over () as row, ${name} as value, ${isBad} as bad from ${text}) where bad limit 1`;
}

function castColumns(set: FileSet, fields: readonly Field[], patterns: TextPatterns): string {
  const own = fields.map(
    (f) => `${castText(identifier(f.name), f.type, f.name, patterns).value} as ${identifier(f.name)}`,
  );
  return [...own, ...set.hive.map((f) => identifier(f.name))].join(', ');
}

/** What the type search of a single CSV file finds. */
export function csvSniff(set: FileSet, dialect: CsvDialect, path: string): string {
  const shared = { ...dialectArguments(dialect), ...compressionArgument(set) };
  const named = { ...shared, ...patternArguments(dialect), ...searchArguments(set) };
  return `sniff_csv(${literal(path)}${namedArguments(named)})`;
}

/** JSON files; without `fields` the types are looked for. */
export function jsonRelation(set: FileSet, shape: JsonShape, fields?: readonly Field[]): string {
  const { records } = set.options;
  if (records === undefined) {
    if (fields !== undefined)
      return `(select ${castColumns(set, fields, {})} from ${jsonText(set, shape, fields)})`;
    return readJson(set, shape, searchJson(set));
  }
  const path = records.split('.').map(identifier).join('.');
  const unnested = `select unnest(${path}, max_depth := 2) from ${readJson(set, shape, searchJson(set))}`;
  if (fields === undefined) return `(${unnested})`;
  const cast = fields.map((f) => `${castFound(f)} as ${identifier(f.name)}`);
  return `(select ${cast.join(', ')} from (${unnested}))`;
}

/** A value of the type that was found as one of its column's: leaves by their text, so that none is rounded. */
function castFound(field: Field): string {
  const x = identifier(field.name);
  const isAsFound = field.nativeType === toNative(field.type);
  if (isAsFound || field.nativeType === 'JSON' || textType(field.type).kind !== 'utf8')
    return `cast(${x} as ${toNative(field.type)})`;
  const isDouble = field.type.kind === 'decimal' && field.nativeType === 'DOUBLE';
  const text = isDouble ? decimalText(`to_json(${x})`) : `cast(${x} as varchar)`;
  return castText(text, field.type, field.name).value;
}

/** JSON files with every leaf as text. */
function jsonText(set: FileSet, shape: JsonShape, fields: readonly Field[]): string {
  const decimals = fields.filter((f) => f.type.kind === 'decimal');
  const raw = fields.map((f) => (decimals.includes(f) ? { ...f, type: { kind: 'json' } as const } : f));
  const read = readJson(set, shape, { columns: columnsArgument(raw) });
  if (decimals.length === 0) return read;
  const texts = decimals.map((f) => `${decimalText(identifier(f.name))} as ${identifier(f.name)}`);
  return `(select * replace (${texts.join(', ')}) from ${read})`;
}

/**
 * The text of a decimal in JSON. The native reader keeps numbers as doubles: one with more than 15
 * digits may have lost some, and is made a text that fits no decimal.
 */
function decimalText(x: string): string {
  const digits = `length(regexp_replace(cast(${x} as varchar), '[^0-9]', '', 'g'))`;
  return `case when json_type(${x}) = 'VARCHAR' or ${digits} <= 15 then json_extract_string(${x}, '$') else cast(${x} as varchar) || ' (a JSON number keeps 15 digits; write it as a string)' end`;
}

function readJson(set: FileSet, shape: JsonShape, more: Readonly<Record<string, string>>): string {
  const largest = Math.max(...set.files.map((f) => f.bytes)) * (set.compression === 'none' ? 1 : 20);
  return `read_json(${paths(set)}${namedArguments({
    format: literal(shape),
    ...compressionArgument(set),
    ...hiveArguments(set),
    union_by_name: 'true',
    // A value may be as large as the file; the default limit of 16 MB would refuse documents.
    maximum_object_size: shape === 'unstructured' ? String(Math.max(largest + 1024, 16_777_216)) : undefined,
    ...more,
  })})`;
}

function searchJson(set: FileSet): Readonly<Record<string, string>> {
  return { sample_size: String(set.options.sample ?? 20_480), map_inference_threshold: '-1' };
}

function paths(set: FileSet): string {
  return literals(set.files.map((f) => f.path));
}

function columnsArgument(fields: readonly Field[]): string {
  return `{${fields.map((f) => `${literal(f.name)}: ${literal(toNative(textType(f.type)))}`).join(', ')}}`;
}

function dialectArguments(dialect: CsvDialect): Readonly<Record<string, string | undefined>> {
  return {
    delim: literal(dialect.delimiter),
    quote: literal(dialect.quote),
    escape: literal(dialect.escape),
    header: String(dialect.header),
    nullstr: literal(dialect.nullText),
    allow_quoted_nulls: 'false',
    comment: literal(''),
    skip: dialect.skip === undefined ? undefined : String(dialect.skip),
    encoding: dialect.encoding === undefined ? undefined : literal(dialect.encoding),
  };
}

function patternArguments({
  dateFormat,
  timestampFormat,
}: CsvDialect): Readonly<Record<string, string | undefined>> {
  return {
    dateformat: dateFormat === undefined ? undefined : literal(dateFormat),
    timestampformat: timestampFormat === undefined ? undefined : literal(timestampFormat),
  };
}

function searchArguments(set: FileSet): Readonly<Record<string, string | undefined>> {
  const { names, sample } = set.options;
  return {
    sample_size: String(sample ?? 20_480),
    names: names === undefined ? undefined : literals(names),
  };
}

function compressionArgument(set: FileSet): Readonly<Record<string, string | undefined>> {
  return { compression: literal(set.compression === 'none' ? 'uncompressed' : set.compression) };
}

function unionArgument(set: FileSet): Readonly<Record<string, string | undefined>> {
  return { union_by_name: set.options.union === true ? 'true' : undefined };
}

function hiveArguments(set: FileSet): Readonly<Record<string, string | undefined>> {
  if (set.hive.length === 0) return { hive_partitioning: 'false' };
  const types = set.hive.map((f) => `${literal(f.name)}: ${toNative(f.type)}`);
  return { hive_partitioning: 'true', hive_types: `{${types.join(', ')}}` };
}
