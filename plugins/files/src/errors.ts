import { defineErrors } from '@vp/plugin-sdk';

type At = { readonly path: string };

export const { errors, table: errorTable } = defineErrors({
  VP_FILES_NOT_FOUND: {
    class: 'user',
    summary: 'A path or glob pattern of a file source matches no file.',
    message: (p: { pattern: string; folder: string; suggestion: string }) =>
      `No file matches ${p.pattern} in ${p.folder}. ${p.suggestion}`.trimEnd(),
    hint: () => 'Correct `path`; it is relative to the project folder.',
  },
  VP_FILES_IS_FOLDER: {
    class: 'user',
    summary: 'The path of a file source is a folder.',
    message: (p: At) => `${p.path} is a folder, not a file.`,
    hint: (p) => `Name the files in it: path: '${p.path.replace(/\/$/, '')}/**/*.parquet'.`,
  },
  VP_FILES_UNREADABLE: {
    class: 'user',
    summary: 'A file cannot be opened for reading.',
    message: (p: At & { reason: string }) => `Cannot read ${p.path}: ${p.reason}.`,
    hint: (p) => `Check the permissions of ${p.path} (ls -l).`,
  },
  VP_FILES_URL: {
    class: 'user',
    summary: 'The path is a URL of a scheme that this plugin does not read.',
    message: (p: { url: string }) => `${p.url} is not a local file: @vp/files reads paths and file:// URLs.`,
    hint: () => 'Download the file first, or use a source plugin for that system.',
  },
  VP_FILES_FORMAT_UNKNOWN: {
    class: 'user',
    summary: "A file's extension does not tell its format, or the `format` option names none.",
    message: (p: At & { extension: string; suggestion: string }) =>
      `Cannot tell the format of ${p.path} from ${p.extension === '' ? 'a name without extension' : `"${p.extension}"`}. ${p.suggestion}`.trimEnd(),
    hint: () => "Add the option format: 'csv' | 'json' | 'ndjson' | 'parquet'.",
  },
  VP_FILES_FORMAT_MIXED: {
    class: 'user',
    summary: 'The files of one source have several formats.',
    message: (p: { first: string; firstFormat: string; second: string; secondFormat: string }) =>
      `${p.first} is ${p.firstFormat}, but ${p.second} is ${p.secondFormat}: one source reads one format.`,
    hint: () => 'Narrow the pattern, e.g. *.csv, or make one asset for each format.',
  },
  VP_FILES_SCHEMA_MIXED: {
    class: 'data',
    summary: 'The files of one source have different columns.',
    message: (p: { first: string; second: string; difference: string }) =>
      `${p.second} has other columns than ${p.first}: ${p.difference}.`,
    hint: () => 'Make one asset for each kind of file, or set union: true to read missing columns as NULL.',
  },
  VP_FILES_EMPTY: {
    class: 'data',
    summary: 'A file has no bytes at all.',
    message: (p: At) => `${p.path} is empty: nothing tells its columns.`,
    hint: () => 'Check how the file is written, or leave it out of the pattern.',
  },
  VP_FILES_TRUNCATED: {
    class: 'data',
    summary: 'A file ends before its format does.',
    message: (p: At & { reason: string }) => `${p.path} is cut off: ${p.reason}.`,
    hint: () => 'Write or download the file again.',
  },
  VP_FILES_ENCODING: {
    class: 'data',
    summary: 'A text file holds bytes that are not of its encoding.',
    message: (p: At & { row: number; byte: number; found: string }) =>
      `${p.path} is not UTF-8: row ${p.row} has ${p.found} at byte ${p.byte}.`,
    hint: () => "If it is from a Windows program, try encoding: 'latin-1' or 'utf-16'.",
  },
  VP_FILES_RAGGED: {
    class: 'data',
    summary: 'A row of a CSV file has more or fewer fields than the header.',
    message: (p: At & { row: number; byte: number; expected: number; found: number }) =>
      `Row ${p.row} of ${p.path} (byte ${p.byte}) has ${p.found} field${p.found === 1 ? '' : 's'}, the file has ${p.expected} columns.`,
    hint: () => 'Mend the row, or set `delimiter` and `quote` if the dialect was taken for another.',
  },
  VP_FILES_COLUMN_TWICE: {
    class: 'data',
    summary: 'The header of a CSV file has a name twice.',
    message: (p: At & { column: string; first: number; second: number }) =>
      `The header of ${p.path} has "${p.column}" twice: columns ${p.first} and ${p.second}.`,
    hint: () => "Rename one, or name all columns yourself: header: false, skip: 1, names: ['id', …].",
  },
  VP_FILES_QUOTE: {
    class: 'data',
    summary: 'A quoted field of a CSV file is never closed.',
    message: (p: At & { row: number; byte: number }) =>
      `${p.path} ends within a quoted field that begins in row ${p.row} (byte ${p.byte}).`,
    hint: () => "Close the quote, or set quote: '' if the file does not quote.",
  },
  VP_FILES_VALUE: {
    class: 'data',
    summary: 'A value of a text file does not fit the type of its column.',
    message: (p: At & { row: number; column: string; value: string; type: string }) =>
      `Row ${p.row} of ${p.path}: ${p.value} in column "${p.column}" is no ${p.type}.`,
    hint: (p) => `Set its type, e.g. columns: { ${JSON.stringify(p.column)}: 'utf8' }, or mend the value.`,
  },
  VP_FILES_JSON: {
    class: 'data',
    summary: 'A JSON or NDJSON file is malformed.',
    message: (p: At & { reason: string }) => `${p.path} is not valid JSON: ${p.reason}.`,
    hint: () => 'Mend the file; if it is one object a line, set format: "ndjson".',
  },
  VP_FILES_READ_FAILED: {
    class: 'data',
    summary: 'Reading a file failed in the native reader.',
    message: (p: { paths: string; reason: string }) => `Cannot read ${p.paths}: ${p.reason}`,
  },
  VP_FILES_COLUMN_UNKNOWN: {
    class: 'user',
    summary: 'The `columns` option names a column that the file does not have.',
    message: (p: At & { column: string; suggestion: string }) =>
      `${p.path} has no column "${p.column}". ${p.suggestion}`.trimEnd(),
    hint: () => 'Correct the key in `columns`.',
  },
  VP_FILES_TYPE_UNKNOWN: {
    class: 'user',
    summary: 'The `columns` option names a type that does not exist.',
    message: (p: { column: string; type: string; suggestion: string }) =>
      `"${p.type}", the type of column "${p.column}", is no type. ${p.suggestion}`.trimEnd(),
    hint: () => "Write e.g. 'int64', 'decimal(12,2)', 'timestamp(us)', 'timestamp(us, UTC)', 'utf8'.",
  },
  VP_FILES_TYPE_UNSUPPORTED: {
    class: 'data',
    summary: 'A file has a column of a type that VibePiper has no name for.',
    message: (p: At & { column: string; type: string }) =>
      `Column "${p.column}" of ${p.path} is of type ${p.type}, which has no lossless counterpart.`,
    hint: () => 'Write the column with another type, e.g. as text.',
  },
  VP_FILES_FORMAT_NOT_OFFERED: {
    class: 'plugin',
    summary: 'A read was asked for in a format that the stream does not offer.',
    message: (p: { format: string; offered: string }) =>
      `The files can be read as ${p.offered}, not as ${p.format}.`,
  },
  VP_FILES_MODE: {
    class: 'user',
    summary: 'A write mode that files cannot do.',
    message: (p: At & { mode: string; reason: string }) => `Cannot ${p.mode} into ${p.path}: ${p.reason}.`,
    hint: (p) =>
      p.mode === 'append'
        ? `Use mode "replace", or a folder: path: '${p.path.replace(/\.[^./]+$/, '')}/'.`
        : 'Use mode "replace".',
  },
  VP_FILES_PARTITION: {
    class: 'user',
    summary: 'The path of a sink has {partition}, but what is written has no partition.',
    message: (p: At) => `${p.path} has {partition}, but the asset that is written has no partitions.`,
    hint: () => 'Remove {partition} from the path, or add partitions to the asset.',
  },
  VP_FILES_NOT_ACCEPTED: {
    class: 'plugin',
    summary: 'A sink of this plugin was given data in a format that it does not take.',
    message: (p: { format: string; accepted: string }) => `The sink takes ${p.accepted}, not ${p.format}.`,
  },
  VP_FILES_COMPRESSION: {
    class: 'user',
    summary: 'A compression that the format does not have.',
    message: (p: { compression: string; format: string; possible: string }) =>
      `${p.format} files cannot be compressed with ${p.compression}; possible: ${p.possible}.`,
    hint: () => 'Correct `compression`.',
  },
  VP_FILES_CONVERT_FAILED: {
    class: 'data',
    summary: 'The data for a sink cannot be converted into its format.',
    message: (p: At & { reason: string }) => `Cannot convert the data for ${p.path}: ${p.reason}.`,
    hint: () => 'Give the column another type in the asset that is written.',
  },
  VP_FILES_LOSS: {
    class: 'config',
    summary: 'A column has a type that the format of a sink cannot keep.',
    message: (p: At & { column: string; type: string; format: string }) =>
      `Column "${p.column}" is ${p.type}, which ${p.format} cannot keep, so it is not written to ${p.path}.`,
    hint: (p) => `Make it text or a number in the asset that is written, e.g. cast(${p.column} as varchar).`,
  },
  VP_FILES_WRITE_FAILED: {
    class: 'config',
    summary:
      'A file cannot be written: the disk is full, or the folder is not writable. The old file is untouched.',
    message: (p: At & { reason: string }) =>
      `Cannot write ${p.path}: ${p.reason}. What was there before is untouched.`,
    hint: () => 'Free space or correct the permissions of the folder, then run again.',
  },
});
