import { globSync } from 'node:fs';
import { appendFile, chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, installPackages } from './debian.ts';
import { asUser, runAs, serverFolder } from './folder.ts';
import { freePort, type Server, startServer } from './server.ts';

/** A PostgreSQL of the test's own: TLS, logical replication, no durability but against its own crash. */
export interface Postgres extends Omit<Server, 'log'> {
  readonly host: string;
  readonly port: number;
  /** A superuser. */
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** PEM of the certificate that it shows. */
  readonly ca: string;
}

const account = 'postgres';
const folders = () =>
  globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));

/** @returns the server, or why there can be none here */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<Postgres | string> {
  if (findProgram('postgres', folders()) === undefined || findProgram('psql') === undefined) {
    const problem = await installPackages(['postgresql', 'postgresql-client', 'openssl']);
    if (problem !== undefined) return `PostgreSQL is not installed, and ${problem}`;
  }
  const program = (name: string) => findProgram(name, folders()) ?? name;
  const folder = await serverFolder('postgres', account);
  const data = join(folder, 'data');
  const port = await freePort();
  const password = 'vp-test';
  await writeFile(join(folder, 'password'), password, { mode: 0o644 });
  await runAs(account, program('initdb'), [
    ...['-D', data, '-U', 'vp', `--pwfile=${join(folder, 'password')}`, '-A', 'scram-sha-256'],
    ...['-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
  ]);
  const ca = join(data, 'server.crt');
  await runAs(account, program('openssl'), [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', join(data, 'server.key'), '-out', ca],
  ]);
  await chmod(join(data, 'server.key'), 0o600);
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    ssl: 'on',
    wal_level: 'logical',
    max_replication_slots: '20',
    max_wal_senders: '20',
    max_connections: '100',
    shared_buffers: '128MB',
    max_slot_wal_keep_size: '512MB',
    timezone: 'UTC',
    log_min_messages: 'warning',
    ...settings,
  };
  const lines = Object.entries(all).map(([key, value]) => `${key} = '${value}'\n`);
  await appendFile(join(data, 'postgresql.conf'), lines.join(''));
  const [command = program('postgres'), ...args] = [...asUser(account), program('postgres'), '-D', data];
  const server = await startServer({
    name: 'PostgreSQL',
    folder,
    command,
    args,
    isReady: () =>
      runAs(account, program('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(
        () => true,
        () => false,
      ),
  });
  const host = '127.0.0.1';
  return {
    ...server,
    host,
    port,
    user: 'vp',
    password,
    database: 'postgres',
    url: `postgres://vp:${password}@${host}:${port}/postgres`,
    ca,
  };
}
