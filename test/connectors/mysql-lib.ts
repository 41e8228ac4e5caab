import { join } from 'node:path';
import {
  collectRows,
  payloadFromRows,
  points,
  type Row,
  type Sink,
  type Source,
  type TableSchema,
  type WriteRequest,
} from '@vp/plugin-sdk';
import { createTestKernel, type TestKernel, testContext } from '@vp/plugin-sdk/testing';
import { createConnection } from 'mysql2';
import { type MariaDb, startMariaDb } from '../services/mariadb.ts';

export const plugin = join(import.meta.dirname, '../../plugins/mysql');

// One server for the test files of a process: it ends with the process.
const started = await startMariaDb({ innodb_flush_log_at_trx_commit: '0' });
if (typeof started === 'string' && process.env.CI !== undefined) throw new Error(started);

/** Whether there is a server; tests without one are counted as skipped. */
export const hasMariaDb = typeof started !== 'string';
export const server = started as MariaDb;

/** A client of the server that sends what it is given, several statements at a time too. */
export interface TestDatabase {
  query<T extends object>(sql: string, values?: readonly unknown[]): Promise<readonly T[]>;
  end(): void;
}

/** A database of its own. */
export async function openDatabase(name: string): Promise<TestDatabase> {
  const { host, port, user, password } = server;
  const connection = createConnection({
    ...{ host, port, user, password, multipleStatements: true, charset: 'utf8mb4', timezone: 'Z' },
    ...{ supportBigNumbers: true, bigNumberStrings: true },
  });
  const query = <T extends object>(sql: string, values: readonly unknown[] = []) => {
    const done = Promise.withResolvers<readonly T[]>();
    connection.query(sql, [...values], (error, rows) => {
      if (error === null) done.resolve(rows as never);
      else done.reject(error);
    });
    return done.promise;
  };
  await query(`drop database if exists \`${name}\`; create database \`${name}\`; use \`${name}\``);
  await query(`set time_zone = '+00:00', sql_mode = ''`);
  return { query, end: () => connection.destroy() };
}

export function kernelOf(
  database: string,
  over: Readonly<Record<string, unknown>> = {},
): Promise<TestKernel> {
  const { host, port, user, password } = server;
  const my = { use: 'mysql', host, port, user, password, database, ...over };
  return createTestKernel({ plugins: [plugin], config: { connections: { my } } });
}

export const openSource = (kernel: TestKernel): Promise<Source> =>
  kernel.instance(points.source, 'mysql', 'my');

export const openSink = (kernel: TestKernel): Promise<Sink> => kernel.instance(points.sink, 'mysql', 'my');

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
  over: Partial<WriteRequest> = {},
): Promise<void> {
  const token = `write-${++writes}`;
  const request: WriteRequest = {
    ...{ options: { table }, schema: data.schema, mode: 'replace', format: 'rows', token },
    ...over,
  };
  const writer = await sink.open(request, testContext());
  try {
    await writer.write(payloadFromRows(data.rows, data.schema), testContext());
    const meta = { runId: 'r', stepId: 's', token: request.token, fingerprint: 'f', inputs: {} };
    await writer.commit(meta, testContext());
  } finally {
    await writer.close();
  }
}

/** A text as bytes that come piece by piece. */
export async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
