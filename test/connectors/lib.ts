import { join } from 'node:path';
import {
  collectRows,
  payloadFromRows,
  points,
  type Row,
  type Sink,
  type Source,
  type TableSchema,
} from '@vp/plugin-sdk';
import { createTestKernel, type TestKernel, testContext } from '@vp/plugin-sdk/testing';
import { Client } from 'pg';
import { type Postgres, startPostgres } from '../services/postgres.ts';

export const plugin = join(import.meta.dirname, '../../plugins/postgres');

// One server for the test files of a process: it ends with the process.
const started = await startPostgres({ fsync: 'off' });
if (typeof started === 'string' && process.env.CI !== undefined) throw new Error(started);

/** Whether there is a server; tests without one are counted as skipped. */
export const hasPostgres = typeof started !== 'string';
export const server = started as Postgres;

/** A client of the server, in a database of its own. */
export async function openDatabase(name: string): Promise<Client> {
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`drop database if exists "${name}" with (force)`);
  await admin.query(`create database "${name}"`);
  await admin.end();
  const { host, port, user, password } = server;
  const db = new Client({ host, port, user, password, database: name });
  await db.connect();
  return db;
}

export function kernelOf(
  database: string,
  over: Readonly<Record<string, unknown>> = {},
): Promise<TestKernel> {
  const { host, port, user, password } = server;
  const pg = { use: 'postgres', host, port, user, password, database, ...over };
  return createTestKernel({ plugins: [plugin], config: { connections: { pg } } });
}

export const openSource = (kernel: TestKernel): Promise<Source> =>
  kernel.instance(points.source, 'postgres', 'pg');

export const openSink = (kernel: TestKernel): Promise<Sink> => kernel.instance(points.sink, 'postgres', 'pg');

export async function rowsOf(
  source: Source,
  options: Readonly<Record<string, string | object>>,
  over: { readonly parallelism?: number } = {},
) {
  const read = await source.read({ options: options as never, format: 'rows', ...over }, testContext());
  try {
    const rows = (await Promise.all(read.parts.map(collectRows))).flat();
    return { rows, parts: read.parts.length };
  } finally {
    await read.close();
  }
}

let writes = 0;

export async function write(
  sink: Sink,
  table: string,
  data: { readonly schema: TableSchema; readonly rows: readonly Row[] },
): Promise<void> {
  const token = `write-${++writes}`;
  const options = { table };
  const writer = await sink.open(
    { options, schema: data.schema, mode: 'replace', format: 'rows', token },
    testContext(),
  );
  try {
    await writer.write(payloadFromRows(data.rows, data.schema), testContext());
    await writer.commit({ runId: 'r', stepId: 's', token, fingerprint: 'f', inputs: {} }, testContext());
  } finally {
    await writer.close();
  }
}
