import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { abortable, type CallContext, type Field, type LogicalType, type RowsPayload } from '@vp/plugin-sdk';
import { mapLeaves } from './map-leaves.ts';
import { identifier, literal, literals } from './sql.ts';
import { toNative } from './types.ts';
import { toNativeValue } from './write-values.ts';

const rowsPerChunk = 2048;

/** Rows that are held in memory; what comes on top goes to disk. */
const rowsHeld = 262_144;

/** What {@link loadRows} works with. */
export interface LoadInit {
  readonly connection: DuckDBConnection;
  readonly payload: RowsPayload;
  /** Folder for what does not stay in memory. */
  readonly folder: string;
  /** Beginning of the names of the files there. */
  readonly name: string;
  readonly context: CallContext;
}

/** Rows that SQL can select from. */
export interface LoadedRows {
  readonly rows: number;
  /** SQL text that can stand after FROM; types that Parquet cannot hold may be text in it. */
  readonly relation: string;
}

const table = 'rows';

/** Loads a payload of rows: into a temporary table, and from there into files as it fills. */
export async function loadRows(init: LoadInit): Promise<LoadedRows> {
  const { connection, payload, folder, name, context } = init;
  const driver = await import('@duckdb/node-api');
  const { fields } = payload.schema;
  const write = fields.map((f) => toNativeValue(f.type, driver));
  const spilled: string[] = [];
  let appender = await openAppender(connection, fields);
  const types = fields.map((_, c) => appender.columnType(c));
  let rows = 0;
  let held = 0;

  for await (const batch of abortable(payload.batches, context.signal)) {
    for (let start = 0; start < batch.length; start += rowsPerChunk) {
      const count = Math.min(rowsPerChunk, batch.length - start);
      const chunk = driver.DuckDBDataChunk.create(types, count);
      write.forEach((convert, c) => {
        const values = batch.columns[c] ?? [];
        const out = Array.from({ length: count }, (_, r) => convert(values[start + r] ?? null));
        chunk.setColumnValues(c, out);
      });
      appender.appendDataChunk(chunk);
    }
    rows += batch.length;
    held += batch.length;
    if (held >= rowsHeld) {
      appender.closeSync();
      const path = join(folder, `${name}.rows-${spilled.length}.parquet`);
      await spill(connection, fields, path);
      spilled.push(path);
      held = 0;
      appender = await openAppender(connection, fields);
    }
    context.progress({ rows });
  }
  appender.closeSync();

  if (spilled.length === 0) return { rows, relation: `temp.${identifier(table)}` };
  const last = `select ${spillColumns(fields)} from temp.${identifier(table)}`;
  // The folder may be named `month=2001-01`: that is no column.
  const files = `read_parquet(${literals(spilled)}, hive_partitioning = false)`;
  return { rows, relation: `(select * from ${files} union all ${last})` };
}

async function openAppender(connection: DuckDBConnection, fields: readonly Field[]) {
  const columns = fields.map((f) => `${identifier(f.name)} ${toNative(f.type)}`);
  await connection.run(`create or replace temp table ${identifier(table)} (${columns.join(', ')})`);
  return await connection.createAppender(table);
}

async function spill(connection: DuckDBConnection, fields: readonly Field[], path: string): Promise<void> {
  const select = `select ${spillColumns(fields)} from temp.${identifier(table)}`;
  await connection.run(`copy (${select}) to ${literal(path)} (format parquet, compression snappy)`);
}

function spillColumns(fields: readonly Field[]): string {
  return fields
    .map(
      (f) =>
        `cast(${identifier(f.name)} as ${toNative(mapLeaves(f.type, spillType))}) as ${identifier(f.name)}`,
    )
    .join(', ');
}

/** Parquet would cut these; as text they come back whole. */
function spillType(type: LogicalType): LogicalType {
  const isText =
    type.kind === 'interval' || type.kind === 'enum' || (type.kind === 'time' && type.unit === 'ns');
  return isText ? { kind: 'utf8' } : type;
}
