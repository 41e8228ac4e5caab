import type { CsvDialect, Field } from '@vp/plugin-sdk';
import { identifier, literal, literals, namedArguments } from '../native/sql.ts';
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
  return `read_csv(${paths(set)}${namedArguments({
    ...dialectArguments(dialect),
    ...compressionArgument(set),
    ...hiveArguments(set),
    ...(fields === undefined
      ? { ...searchArguments(set), union_by_name: 'true' }
      : { auto_detect: 'false', columns: columnsArgument(fields), ...unionArgument(set) }),
  })})`;
}

/** What the type search of a single CSV file finds. */
export function csvSniff(set: FileSet, dialect: CsvDialect, path: string): string {
  const named = { ...dialectArguments(dialect), ...compressionArgument(set), ...searchArguments(set) };
  return `sniff_csv(${literal(path)}${namedArguments(named)})`;
}

/** JSON files; without `fields` the types are looked for. */
export function jsonRelation(set: FileSet, shape: JsonShape, fields?: readonly Field[]): string {
  const { records } = set.options;
  const largest = Math.max(...set.files.map((f) => f.bytes)) * (set.compression === 'none' ? 1 : 20);
  const named = {
    format: literal(shape),
    ...compressionArgument(set),
    ...hiveArguments(set),
    union_by_name: 'true',
    // A value may be as large as the file; the default limit of 16 MB would refuse documents.
    maximum_object_size: shape === 'unstructured' ? String(Math.max(largest + 1024, 16_777_216)) : undefined,
    ...(fields === undefined || records !== undefined
      ? { sample_size: String(set.options.sample ?? 20_480), map_inference_threshold: '-1' }
      : { columns: columnsArgument(fields) }),
  };
  const read = `read_json(${paths(set)}${namedArguments(named)})`;
  if (records === undefined) return read;
  const path = records.split('.').map(identifier).join('.');
  const unnested = `select unnest(${path}, max_depth := 2) from ${read}`;
  if (fields === undefined) return `(${unnested})`;
  const cast = fields.map(
    (f) => `cast(${identifier(f.name)} as ${toNative(f.type)}) as ${identifier(f.name)}`,
  );
  return `(select ${cast.join(', ')} from (${unnested}))`;
}

function paths(set: FileSet): string {
  return literals(set.files.map((f) => f.path));
}

function columnsArgument(fields: readonly Field[]): string {
  return `{${fields.map((f) => `${literal(f.name)}: ${literal(toNative(f.type))}`).join(', ')}}`;
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
    dateformat: dialect.dateFormat === undefined ? undefined : literal(dialect.dateFormat),
    timestampformat: dialect.timestampFormat === undefined ? undefined : literal(dialect.timestampFormat),
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
