import { open } from 'node:fs/promises';
import { didYouMean, type Field, type Paths } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import { compressionOf, formatOf } from '../file-name.ts';
import type { Native } from '../native/reader.ts';
import { literals } from '../native/sql.ts';
import { fromNative } from '../native/types.ts';
import type { FilesOptions } from '../options.ts';
import { parseType } from '../type-text.ts';
import { csvDialect } from './csv.ts';
import { toFileError } from './explain.ts';
import type { DescribedFiles, FileSet, JsonShape } from './file-set.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { hiveFields } from './hive.ts';
import { readHead } from './read-head.ts';
import { csvRelation, jsonRelation, parquetRelation } from './relation.ts';

/** Finds the files that the options name, without looking into them. */
export async function findFileSet(options: FilesOptions, paths: Paths): Promise<FileSet> {
  const files = await findFiles(options.path, paths);
  const [first] = files;
  if (first === undefined) throw errors.VP_FILES_NOT_FOUND({ pattern: '[]', folder: '.', suggestion: '' });
  const format = options.format ?? formatOf(first.path);
  for (const file of files) {
    const other = options.format ?? formatOf(file.path);
    if (other !== format) {
      throw errors.VP_FILES_FORMAT_MIXED({
        first: first.name,
        firstFormat: format,
        second: file.name,
        secondFormat: other,
      });
    }
  }
  return {
    options,
    files,
    format,
    compression: format === 'parquet' ? 'none' : (options.compression ?? compressionOf(first.path)),
    hive: options.hive === false ? [] : hiveFields(files),
  };
}

/** Looks into the files: their columns, and how their text is to be read. */
export async function describeFiles(set: FileSet, native: Native): Promise<DescribedFiles> {
  try {
    refuseEmpty(set);
    if (set.format === 'parquet') return await describeParquet(set, native);
    if (set.format === 'csv') return await describeCsv(set, native);
    return await describeJson(set, native);
  } catch (error) {
    throw toFileError(error, set);
  }
}

/** Only NDJSON may have no bytes: it is a table without rows, of which nothing tells the columns. */
function refuseEmpty({ files, format, options }: FileSet): void {
  const isFine = format === 'ndjson' && (options.columns !== undefined || files.some((f) => f.bytes > 0));
  const empty = files.find((f) => f.bytes === 0);
  if (empty !== undefined && !isFine) {
    throw errors.VP_FILES_EMPTY({ path: empty.name }, { at: { file: empty.name } });
  }
}

async function describeCsv(set: FileSet, native: Native): Promise<DescribedFiles> {
  const dialect = await csvDialect(set, native);
  const fields = overridden(set, await fieldsOf(set, csvRelation(set, dialect), native));
  return { ...set, dialect, schema: { fields } };
}

async function describeJson(set: FileSet, native: Native): Promise<DescribedFiles> {
  const shape = await jsonShape(set);
  if (set.files.every((f) => f.bytes === 0)) return { ...set, shape, schema: { fields: statedFields(set) } };
  const fields = overridden(set, await fieldsOf(set, jsonRelation(set, shape), native));
  return { ...set, shape, schema: { fields } };
}

/** A `.json` file is an array of records, one record a line, or (with `records`) a document. */
async function jsonShape(set: FileSet): Promise<JsonShape> {
  if (set.options.records !== undefined) return 'unstructured';
  if (set.format === 'ndjson') return 'newline_delimited';
  const [file] = set.files;
  const head = file === undefined ? undefined : await readHead(file, set.compression, 1 << 20);
  const text =
    head?.bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimStart() ?? '';
  if (text.startsWith('[')) return 'array';
  return isJson(text.split('\n', 1)[0] ?? '') ? 'newline_delimited' : 'unstructured';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

async function describeParquet(set: FileSet, native: Native): Promise<DescribedFiles> {
  for (const file of set.files) await refuseTruncated(file);
  if (set.options.union !== true) await refuseMixed(set, native);
  return { ...set, schema: { fields: await fieldsOf(set, parquetRelation(set), native) } };
}

async function refuseTruncated(file: FoundFile): Promise<void> {
  const handle = await open(file.path);
  try {
    const ends = Buffer.alloc(8);
    await handle.read(ends, 0, 4, 0);
    await handle.read(ends, 4, 4, Math.max(file.bytes - 4, 0));
    const [start, end] = [ends.toString('latin1', 0, 4), ends.toString('latin1', 4)];
    if (start === 'PAR1' && end === 'PAR1' && file.bytes > 12) return;
    const reason = start === 'PAR1' ? 'the footer is missing' : 'it does not begin like a Parquet file';
    throw errors.VP_FILES_TRUNCATED({ path: file.name, reason }, { at: { file: file.name } });
  } finally {
    await handle.close();
  }
}

async function refuseMixed(set: FileSet, native: Native): Promise<void> {
  if (set.files.length < 2) return;
  const fieldsOfFile = (file: FoundFile) => fieldsOf(set, parquetRelation({ ...set, files: [file] }), native);
  let expected: { readonly file: FoundFile; readonly fields: readonly Field[] } | undefined;
  for (const file of await differingFiles(set, native)) {
    const fields = await fieldsOfFile(file);
    expected ??= { file, fields };
    const difference = fieldDifference(expected.fields, fields);
    if (difference !== undefined) {
      throw errors.VP_FILES_SCHEMA_MIXED({ first: expected.file.name, second: file.name, difference });
    }
  }
}

/** The first file of each set of files with the same Parquet schema, by one look at all footers. */
async function differingFiles(set: FileSet, native: Native): Promise<readonly FoundFile[]> {
  const rows = await native.facts(
    `select min(file) as file from (
       select file_name as file, list(row(name, type, num_children, logical_type, precision, scale)) as shape
       from parquet_schema(${literals(set.files.map((f) => f.path))}) group by file_name
     ) group by shape`,
  );
  const paths = new Set(rows.map((row) => String(row.file)));
  return set.files.filter((f) => paths.has(f.path));
}

function fieldDifference(expected: readonly Field[], found: readonly Field[]): string | undefined {
  const byName = new Map(found.map((f) => [f.name, f]));
  for (const field of expected) {
    const other = byName.get(field.name);
    if (other === undefined) return `${field.name} is missing`;
    if (other.nativeType !== field.nativeType)
      return `${field.name} is ${other.nativeType}, not ${field.nativeType}`;
    byName.delete(field.name);
  }
  const [added] = byName.keys();
  return added === undefined ? undefined : `${added} is added`;
}

/** The columns of a relation. Files do not promise NOT NULL, so all but folders' columns are nullable. */
async function fieldsOf(set: FileSet, relation: string, native: Native): Promise<readonly Field[]> {
  const folders = new Map(set.hive.map((f) => [f.name, f]));
  const columns = await native.columns(`select * from ${relation}`);
  return columns.map(({ name, type }): Field => {
    const folder = folders.get(name);
    if (folder !== undefined) return folder;
    const logical = fromNative(type);
    if (logical === undefined) {
      const path = set.files.map((f) => f.name).join(', ');
      throw errors.VP_FILES_TYPE_UNSUPPORTED({ path, column: name, type: String(type) });
    }
    return { name, type: logical, nullable: true, nativeType: String(type) };
  });
}

function statedFields({ options: { columns = {} }, hive }: FileSet): readonly Field[] {
  const own = Object.entries(columns).map(([name, text]) => ({
    name,
    type: parseType(name, text),
    nullable: true,
  }));
  return [...own, ...hive];
}

function overridden(set: FileSet, fields: readonly Field[]): readonly Field[] {
  const { columns = {} } = set.options;
  const names = fields.map((f) => f.name);
  for (const name of Object.keys(columns)) {
    if (names.includes(name)) continue;
    const path = set.files[0]?.name ?? '';
    throw errors.VP_FILES_COLUMN_UNKNOWN({ path, column: name, suggestion: didYouMean(name, names) });
  }
  return fields.map((field) => {
    const text = columns[field.name];
    return text === undefined ? field : { ...field, type: parseType(field.name, text) };
  });
}
