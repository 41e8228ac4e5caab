import { basename } from 'node:path';
import { didYouMean } from '@vp/plugin-sdk';
import { errors } from './errors.ts';
import type { FileFormat } from './options.ts';

const formatOfExtension: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  txt: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
  pq: 'parquet',
};

const compressionOfExtension: Readonly<Record<string, Compression>> = {
  gz: 'gzip',
  zst: 'zstd',
  zstd: 'zstd',
};

/** Compression of a whole file. Parquet compresses inside and has `none` here. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** The compression that a file's name tells. */
export function compressionOf(path: string): Compression {
  return compressionOfExtension[extensionsOf(path).at(-1) ?? ''] ?? 'none';
}

/** The format that a file's name tells. */
export function formatOf(path: string): FileFormat {
  const extensions = extensionsOf(path);
  if (compressionOf(path) !== 'none') extensions.pop();
  const extension = extensions.at(-1) ?? '';
  const format = formatOfExtension[extension];
  if (format === undefined) {
    throw errors.VP_FILES_FORMAT_UNKNOWN({
      path,
      extension: extension === '' ? '' : `.${extension}`,
      suggestion: extension === '' ? '' : didYouMean(extension, Object.keys(formatOfExtension)),
    });
  }
  return format;
}

function extensionsOf(path: string): string[] {
  return basename(path).toLowerCase().split('.').slice(1);
}
