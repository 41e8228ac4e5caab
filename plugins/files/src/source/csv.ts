import type { CsvDialect } from '@vp/plugin-sdk';
import { errors } from '../errors.ts';
import type { Native } from '../native/reader.ts';
import type { FilesOptions } from '../options.ts';
import type { FileSet } from './file-set.ts';
import type { FoundFile } from './find-files.ts';
import { type Head, readHead } from './read-head.ts';
import { csvSniff } from './relation.ts';
import { type CsvFault, scanCsv } from './scan-csv.ts';

/**
 * How much of each file is looked at before the native reader gets it, which reports the faults of
 * the rest: 8 MB, and 64 MB of all files together.
 */
const headBytes = (files: number) => Math.max(Math.min(8 << 20, Math.floor((64 << 20) / files)), 1 << 16);

/**
 * The dialect of CSV files: what the options say, what the standard says, and the delimiter from
 * the header line. Refuses files whose beginning is faulty or whose headers differ.
 */
export async function csvDialect(set: FileSet, native: Native): Promise<CsvDialect> {
  const { options } = set;
  let dialect: CsvDialect | undefined;
  let first: { readonly file: FoundFile; readonly header: string } | undefined;
  for (const file of set.files) {
    const head = await readHead(file, set.compression, headBytes(set.files.length));
    dialect ??= statedDialect(options, headerLine(head, options), file.path);
    if (options.encoding !== 'utf-16') refuseFault(head, dialect, file);
    const header = headerLine(head, options);
    if (dialect.header && options.names === undefined) refuseTwice(header, dialect, file);
    first ??= { file, header };
    if (dialect.header && options.union !== true && header !== first.header) {
      const difference = headerDifference(first.header, header, dialect);
      throw errors.VP_FILES_SCHEMA_MIXED({ first: first.file.name, second: file.name, difference });
    }
  }
  const stated = dialect ?? statedDialect(options, '', '');
  return { ...(await temporalFormats(set, stated, native)), ...stated };
}

function statedDialect(options: FilesOptions, header: string, path: string): CsvDialect {
  const quote = options.quote ?? '"';
  return {
    delimiter: options.delimiter ?? likelyDelimiter(header, quote, path),
    quote,
    escape: options.escape ?? quote,
    header: options.header ?? options.names === undefined,
    nullText: options.null ?? '',
    encoding: options.encoding ?? 'utf-8',
    ...(options.skip === undefined ? {} : { skip: options.skip }),
    ...(options.date_format === undefined ? {} : { dateFormat: options.date_format }),
    ...(options.timestamp_format === undefined ? {} : { timestampFormat: options.timestamp_format }),
  };
}

/** The separator that the header line has most of, outside quotes. */
function likelyDelimiter(header: string, quote: string, path: string): string {
  if (/\.(tsv|tab)(\.\w+)?$/i.test(path)) return '\t';
  const bare =
    quote === '' ? header : header.replaceAll(new RegExp(`\\${quote}[^\\${quote}]*\\${quote}`, 'g'), '');
  let best = { delimiter: ',', count: 0 };
  for (const delimiter of [',', ';', '\t', '|']) {
    const count = bare.split(delimiter).length - 1;
    if (count > best.count) best = { delimiter, count };
  }
  return best.delimiter;
}

function headerLine(head: Head, options: FilesOptions): string {
  const label = options.encoding === 'latin-1' ? 'windows-1252' : (options.encoding ?? 'utf-8');
  const text = new TextDecoder(label).decode(head.bytes.subarray(0, 1 << 16));
  return text.split(/\r\n|\n|\r/)[options.skip ?? 0] ?? '';
}

function headerDifference(first: string, second: string, { delimiter, quote }: CsvDialect): string {
  const names = (line: string) =>
    line.split(delimiter).map((name) => (quote === '' ? name : name.replaceAll(quote, '')).trim());
  const [a, b] = [names(first), names(second)];
  const missing = a.filter((name) => !b.includes(name));
  const added = b.filter((name) => !a.includes(name));
  const parts = [
    ...(missing.length > 0 ? [`${missing.join(', ')} missing`] : []),
    ...(added.length > 0 ? [`${added.join(', ')} added`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'another order or spelling';
}

/** The native reader would give the second one another name, quietly. */
function refuseTwice(header: string, { delimiter, quote }: CsvDialect, file: FoundFile): void {
  const seen = new Map<string, number>();
  for (const [index, column] of headerNames(header, delimiter, quote).entries()) {
    const key = column.toLowerCase();
    const first = seen.get(key);
    if (first !== undefined && column !== '') {
      throw errors.VP_FILES_COLUMN_TWICE(
        { path: file.name, column, first: first + 1, second: index + 1 },
        { at: { file: file.name, line: 1 } },
      );
    }
    seen.set(key, index);
  }
}

function headerNames(header: string, delimiter: string, quote: string): readonly string[] {
  const names: string[] = [];
  let isQuoted = false;
  let name = '';
  for (const char of header) {
    if (char === quote) isQuoted = !isQuoted;
    else if (char === delimiter && !isQuoted) {
      names.push(name.trim());
      name = '';
    } else name += char;
  }
  return [...names, name.trim()];
}

function refuseFault(head: Head, dialect: CsvDialect, file: FoundFile): void {
  const fault = scanCsv(head.bytes, {
    ...dialect,
    skip: dialect.skip ?? 0,
    isWhole: head.isWhole,
    isUtf8: dialect.encoding === 'utf-8',
  });
  if (fault !== undefined) throw faultError(fault, file.name);
}

function faultError(fault: CsvFault, path: string): Error {
  const at = { at: { file: path, row: fault.row, byte: fault.byte } };
  switch (fault.kind) {
    case 'encoding':
      return errors.VP_FILES_ENCODING({ path, ...fault }, at);
    case 'ragged':
      return errors.VP_FILES_RAGGED({ path, ...fault }, at);
    case 'quote':
      return errors.VP_FILES_QUOTE({ path, ...fault }, at);
  }
}

/** Patterns of dates that are not ISO 8601, as the first file suggests them. */
async function temporalFormats(
  set: FileSet,
  dialect: CsvDialect,
  native: Native,
): Promise<Pick<CsvDialect, 'dateFormat' | 'timestampFormat'>> {
  const [file] = set.files;
  if (file === undefined) return {};
  const [sniffed] = await native.facts(
    `select DateFormat, TimestampFormat from ${csvSniff(set, dialect, file.path)}`,
  );
  const { DateFormat: date, TimestampFormat: timestamp } = sniffed ?? {};
  return {
    ...(isForeign(date) ? { dateFormat: date } : {}),
    ...(isForeign(timestamp) ? { timestampFormat: timestamp } : {}),
  };
}

/** ISO 8601 needs no pattern, and is read more leniently without one (fractions of a second). */
function isForeign(pattern: unknown): pattern is string {
  return typeof pattern === 'string' && pattern !== '' && !pattern.startsWith('%Y-%m-%d');
}
