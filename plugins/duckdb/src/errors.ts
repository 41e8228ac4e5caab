import { defineErrors, didYouMean } from '@vp/plugin-sdk';

const quoted = (value: string): string =>
  JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);

/** Errors of the DuckDB engine. */
export const { errors, table: errorTable } = defineErrors({
  VP_DUCKDB_NATIVE_MISSING: {
    class: 'config',
    summary: 'The native DuckDB library could not be loaded.',
    message: (p: { reason: string }) => `The native DuckDB library could not be loaded: ${p.reason}.`,
    hint: () =>
      'Reinstall with optional dependencies (npm install --include=optional) on a supported platform.',
  },
  VP_DUCKDB_CONFIG: {
    class: 'config',
    summary: 'DuckDB refused a value of [engine.duckdb].',
    message: (p: { reason: string }) => `DuckDB refused the configuration of [engine.duckdb]: ${p.reason}`,
    hint: () => 'Correct the value in vp.toml, e.g. memory_limit = "2GB", threads = 4.',
  },
  VP_DUCKDB_POINTER_CORRUPT: {
    class: 'data',
    summary: 'The file that names the current snapshot of an asset cannot be read.',
    message: (p: { file: string; reason: string }) =>
      `Snapshot record ${p.file} cannot be read: ${p.reason}.`,
    hint: (p) =>
      `Delete ${p.file} and run the asset again, or copy snapshot.json of a snapshot folder beside it over it.`,
  },
  VP_DUCKDB_SNAPSHOT_MISSING: {
    class: 'user',
    summary: 'An asset has no snapshot, or not the one that was asked for.',
    message: (p: { what: string; snapshot?: string; known: readonly string[] }) =>
      p.snapshot === undefined
        ? `${p.what} has no snapshot yet.`
        : `${p.what} has no snapshot ${p.snapshot}. ${didYouMean(p.snapshot, p.known)}`.trimEnd(),
    hint: (p) =>
      p.snapshot === undefined
        ? `Run it first: vp run ${p.what.split('@')[0]}`
        : `See the present one: vp show ${p.what.split('@')[0]}, or the one before: --snapshot prev`,
  },
  VP_DUCKDB_STAGE_GONE: {
    class: 'internal',
    summary: 'A staged snapshot was committed after it had been discarded.',
    message: (p: { what: string }) =>
      `The staged snapshot of ${p.what} was discarded and cannot be committed.`,
  },
  VP_DUCKDB_SQL_SYNTAX: {
    class: 'user',
    summary: 'A SQL text is not valid SQL.',
    message: (p: { reason: string; excerpt: string }) => `SQL syntax: ${p.reason}.${p.excerpt}`,
    hint: () => 'Correct the SQL at the marked place.',
  },
  VP_DUCKDB_SQL: {
    class: 'user',
    summary: 'DuckDB refused a SQL text: an unknown function, types that do not fit, a wrong aggregate.',
    message: (p: { reason: string; excerpt: string }) => `SQL: ${p.reason}${p.excerpt}`,
    hint: () => 'Correct the SQL at the marked place.',
  },
  VP_DUCKDB_TABLE_UNKNOWN: {
    class: 'user',
    summary: 'A SQL text names a table that is no asset with data.',
    message: (p: { name: string; known: readonly string[]; excerpt: string }) =>
      `There is no asset "${p.name}" with data. ${didYouMean(p.name, p.known)}`.trimEnd() + p.excerpt,
    hint: () =>
      'In vp query, assets are tables once they have run (vp run <asset>). In a SQL asset, name it as an input.',
  },
  VP_DUCKDB_COLUMN_UNKNOWN: {
    class: 'user',
    summary: 'A column that is asked for does not exist.',
    message: (p: { name: string; known: readonly string[]; excerpt: string }) =>
      `There is no column "${p.name}". ${didYouMean(p.name, p.known)}`.trimEnd() + p.excerpt,
    hint: () => 'Correct the name. vp show <asset> lists the columns of an asset.',
  },
  VP_DUCKDB_NOT_A_QUERY: {
    class: 'user',
    summary: 'A SQL text is not exactly one read-only SELECT.',
    message: (p: { reason: string }) => `Only one read-only query is allowed here: ${p.reason}.`,
    hint: () =>
      'Write one SELECT (or FROM, VALUES, DESCRIBE, SUMMARIZE, EXPLAIN). To publish data use a sink.',
  },
  VP_DUCKDB_ACCESS_DENIED: {
    class: 'user',
    summary: 'A query reads a file outside the project or calls a table function that is not allowed.',
    message: (p: { what: string; excerpt: string }) => `The query may not use ${p.what}.${p.excerpt}`,
    hint: () => 'Query assets, or files below the project folder. Read other data through a source.',
  },
  VP_DUCKDB_INPUT_UNKNOWN: {
    class: 'config',
    summary: 'A SQL text refers to an input or a partition dimension that it was not given.',
    message: (p: { what: string; name: string; known: readonly string[] }) =>
      `The SQL refers to the ${p.what} "${p.name}", which it was not given. ${didYouMean(p.name, p.known)}`.trimEnd(),
  },
  VP_DUCKDB_SCHEMA_COLUMNS: {
    class: 'data',
    summary: 'The columns of the data are not those that the asset declares.',
    message: (p: { missing: readonly string[]; extra: readonly string[]; actual: readonly string[] }) =>
      [
        'The columns are not those that the schema declares.',
        ...p.missing.map((name) =>
          `Missing: "${name}". ${didYouMean(name, p.extra.length > 0 ? p.extra : p.actual)}`.trimEnd(),
        ),
        ...(p.extra.length > 0 ? [`Not declared: ${p.extra.map((c) => `"${c}"`).join(', ')}.`] : []),
      ].join(' '),
    hint: () => 'Change the schema or the computation so that both name the same columns.',
  },
  VP_DUCKDB_SCHEMA_TYPE: {
    class: 'data',
    summary: 'The type of a column cannot become the declared one without loss.',
    message: (p: { column: string; actual: string; declared: string; reason: string }) =>
      `Column "${p.column}" is ${p.actual}, declared is ${p.declared}: ${p.reason}`,
    hint: (p) => `Declare ${p.actual}, or convert it in the computation where you decide what may be lost.`,
  },
  VP_DUCKDB_COLUMN_DUPLICATE: {
    class: 'data',
    summary: 'Two columns have the same name (upper and lower case are the same here).',
    message: (p: { name: string }) =>
      `There are two columns named "${p.name}" (case does not distinguish them).`,
    hint: () => 'Give each column a name of its own (AS …).',
  },
  VP_DUCKDB_TYPE_UNSUPPORTED: {
    class: 'data',
    summary: 'A column has a type that cannot be stored without loss.',
    message: (p: { column: string; type: string; reason: string }) =>
      `Column "${p.column}" has type ${p.type}, which cannot be stored: ${p.reason}.`,
    hint: (p) => `Convert it, e.g. CAST(${p.column} AS VARCHAR).`,
  },
  VP_DUCKDB_VALUE: {
    class: 'data',
    summary: 'A value does not fit its column.',
    message: (p: { column?: string; value?: string; type?: string; reason: string }) =>
      `${p.column === undefined ? 'A value' : `Column "${p.column}"`}${p.value === undefined ? '' : `: ${quoted(p.value)}`} does not fit${p.type === undefined ? '' : ` ${p.type}`}: ${p.reason}`,
    hint: () => 'Correct the data, or declare a wider type (text keeps everything).',
  },
  VP_DUCKDB_NULL: {
    class: 'data',
    summary: 'A column that is declared without NULL has NULLs.',
    message: (p: { column: string; nulls?: number }) =>
      `Column "${p.column}" is declared without NULL and has ${p.nulls === undefined ? 'a NULL' : p.nulls === 1 ? '1 NULL' : `${p.nulls} NULLs`}.`,
    hint: () => 'Declare it .nullable(), or filter or fill the NULLs.',
  },
  VP_DUCKDB_CSV: {
    class: 'data',
    summary: 'A CSV file or stream is malformed: ragged, badly quoted or wrongly encoded.',
    message: (p: { source: string; reason: string; excerpt?: string }) =>
      `CSV ${p.source} is malformed: ${p.reason}${p.excerpt === undefined ? '' : ` Line: ${p.excerpt}`}`,
    hint: () => 'Correct the file, or state its dialect (delimiter, quote, encoding, skip).',
  },
  VP_DUCKDB_JSON: {
    class: 'data',
    summary: 'A JSON file or stream is malformed.',
    message: (p: { source: string; reason: string }) => `JSON ${p.source} is malformed: ${p.reason}`,
    hint: () => 'Correct the file, or state whether it is json or ndjson.',
  },
  VP_DUCKDB_PARQUET: {
    class: 'data',
    summary: 'A Parquet file is truncated or no Parquet file.',
    message: (p: { file: string; reason: string }) => `Parquet file ${p.file} cannot be read: ${p.reason}`,
    hint: () => 'Fetch or write the file again.',
  },
  VP_DUCKDB_FILE_MISSING: {
    class: 'data',
    summary: 'A file of a payload does not exist.',
    message: (p: { reason: string }) => `${p.reason}`,
    hint: () => 'Check the path, and that the file was not removed while it was read.',
  },
  VP_DUCKDB_PAYLOAD_UNSUPPORTED: {
    class: 'plugin',
    summary: 'A payload is in a format or on a carrier that the engine does not take.',
    message: (p: { format: string; carrier: string; accepts: readonly string[] }) =>
      `The engine cannot take ${p.format} as ${p.carrier}. It accepts ${p.accepts.join(', ')}.`,
  },
  VP_DUCKDB_FORMAT_UNSUPPORTED: {
    class: 'plugin',
    summary: 'Data was asked for in a format that the engine does not give.',
    message: (p: { format: string; offers: readonly string[] }) =>
      `The engine does not give ${p.format}. ${didYouMean(p.format, p.offers)}`,
  },
  VP_DUCKDB_BATCH: {
    class: 'plugin',
    summary: 'A batch of rows does not fit the schema of its payload.',
    message: (p: { reason: string }) => `A batch of rows does not fit its schema: ${p.reason}.`,
  },
  VP_DUCKDB_DISK_FULL: {
    class: 'config',
    summary: 'The disk is full. Nothing of the new snapshot is visible.',
    message: (p: { path: string }) =>
      `No space is left on the disk of ${p.path}. The data before is unchanged.`,
    hint: () => 'Free space, lower keep_snapshots, or move the project (or temp_directory) to a larger disk.',
  },
  VP_DUCKDB_OUT_OF_MEMORY: {
    class: 'config',
    summary: 'A query needs more memory than memory_limit allows.',
    message: (p: { reason: string }) => `DuckDB ran out of memory: ${p.reason}`,
    hint: () => 'Raise memory_limit in [engine.duckdb], lower threads, or split the asset into partitions.',
  },
  VP_DUCKDB_IO: {
    class: 'config',
    summary: 'A file could not be read or written.',
    message: (p: { reason: string }) => `DuckDB could not read or write: ${p.reason}`,
    hint: () => 'Check permissions and the disk.',
  },
  VP_DUCKDB_INTERNAL: {
    class: 'internal',
    summary: 'DuckDB failed in a way that is nobody’s input.',
    message: (p: { reason: string }) => `DuckDB failed: ${p.reason}`,
    hint: () => 'Please report it with the asset’s SQL.',
  },
});
