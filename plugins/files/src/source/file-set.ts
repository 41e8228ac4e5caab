import type { CsvDialect, Field, TableSchema } from '@vp/plugin-sdk';
import type { Compression } from '../file-name.ts';
import type { FileFormat, FilesOptions } from '../options.ts';
import type { FoundFile } from './find-files.ts';

/** How JSON text holds its records. */
export type JsonShape = 'array' | 'newline_delimited' | 'unstructured';

/** Files of one format that are read as one table. */
export interface FileSet {
  readonly options: FilesOptions;
  readonly files: readonly FoundFile[];
  readonly format: FileFormat;
  readonly compression: Compression;
  /** Columns that the folders give. */
  readonly hive: readonly Field[];
}

/** A {@link FileSet} whose columns are known. */
export interface DescribedFiles extends FileSet {
  readonly schema: TableSchema;
  /** For CSV. */
  readonly dialect?: CsvDialect;
  /** For JSON and NDJSON. */
  readonly shape?: JsonShape;
}
