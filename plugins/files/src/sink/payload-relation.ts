import { type DataFile, type FilesPayload, standardCsv } from '@vp/plugin-sdk';
import { identifier, literal } from '../native/sql.ts';
import { toNative } from '../native/types.ts';
import type { FileSet } from '../source/file-set.ts';
import { csvRelation, jsonRelation, parquetRelation } from '../source/relation.ts';

/** SQL text that can stand after FROM: the rows of a payload of files, in the files' order. */
export function payloadRelation(payload: FilesPayload): string {
  const relations = payload.files.map((file) => `select * from ${fileRelation(payload, file)}`);
  return `(${relations.join(' union all ')})`;
}

function fileRelation(payload: FilesPayload, file: DataFile): string {
  const folders = file.partition ?? {};
  const own = payload.schema.fields.filter((f) => !(f.name in folders));
  const compression = file.compression === 'gzip' || file.compression === 'zstd' ? file.compression : 'none';
  const set: FileSet = {
    options: { path: file.uri },
    files: [{ path: file.uri, name: file.uri, bytes: file.bytes ?? 0, mtimeNs: 0n }],
    format: isKnown(payload.format) ? payload.format : 'ndjson',
    compression,
    hive: [],
  };
  const relation =
    payload.format === 'parquet'
      ? parquetRelation(set)
      : payload.format === 'csv'
        ? csvRelation(set, payload.csv ?? standardCsv, own)
        : jsonRelation(set, 'newline_delimited', own);
  const columns = payload.schema.fields.map((f) => {
    const value = folders[f.name];
    const name = identifier(f.name);
    return value === undefined ? name : `cast(${literal(value)} as ${toNative(f.type)}) as ${name}`;
  });
  return `(select ${columns.join(', ')} from ${relation})`;
}

function isKnown(format: string): format is 'csv' | 'parquet' {
  return format === 'csv' || format === 'parquet';
}
