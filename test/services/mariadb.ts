import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram, installPackages } from './debian.ts';
import { asUser, runAs, serverFolder } from './folder.ts';
import { freePort, type Server, startServer } from './server.ts';

const run = promisify(execFile);

/** A MariaDB of the test's own: TLS, row binlog with names, LOAD DATA LOCAL. */
export interface MariaDb extends Omit<Server, 'log'> {
  readonly host: string;
  readonly port: number;
  /** May do everything. */
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
  /** PEM of the certificate that it shows. */
  readonly ca: string;
}

const account = 'mysql';

/** @returns the server, or why there can be none here */
export async function startMariaDb(
  settings: Readonly<Record<string, string>> = {},
): Promise<MariaDb | string> {
  if (findProgram('mariadbd') === undefined || findProgram('mariadb') === undefined) {
    const problem = await installPackages(['mariadb-server', 'openssl']);
    if (problem !== undefined) return `MariaDB is not installed, and ${problem}`;
  }
  const program = (name: string) => findProgram(name) ?? name;
  const folder = await serverFolder('mariadb', account);
  const data = join(folder, 'data');
  const socket = join(folder, 's.sock');
  const port = await freePort();
  const ca = join(folder, 'ca.crt');
  await runAs(account, program('openssl'), [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', join(folder, 'key.pem'), '-out', ca],
  ]);
  const all = {
    datadir: data,
    tmpdir: folder,
    socket,
    port: String(port),
    'pid-file': join(folder, 'pid'),
    'bind-address': '127.0.0.1',
    'skip-name-resolve': '1',
    local_infile: '1',
    server_id: '1',
    log_bin: join(data, 'binlog'),
    binlog_format: 'ROW',
    binlog_row_image: 'FULL',
    binlog_row_metadata: 'FULL',
    'character-set-server': 'utf8mb4',
    'collation-server': 'utf8mb4_bin',
    'default-time-zone': '+00:00',
    innodb_buffer_pool_size: '128M',
    max_allowed_packet: '64M',
    ssl_cert: ca,
    ssl_key: join(folder, 'key.pem'),
    ...settings,
  };
  const file = join(folder, 'my.cnf');
  const lines = Object.entries(all).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(file, `[mysqld]\n${lines.join('')}`);
  await runAs(account, program('mariadb-install-db'), [
    ...['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal'],
    // Two that install at the same time would take each other's temporary tables for their own.
    `--tmpdir=${folder}`,
    ...['--skip-test-db', '--skip-name-resolve'],
  ]);
  const [command = '', ...args] = [...asUser(account), program('mariadbd'), `--defaults-file=${file}`];
  const password = 'vp-test';
  // Answers a query: a ping is answered before the accounts are loaded.
  const sql = (text: string) =>
    run(program('mariadb'), ['--no-defaults', '-uroot', '-S', socket, '-e', text]).then(
      () => true,
      () => false,
    );
  const server = await startServer({
    name: 'MariaDB',
    folder,
    command,
    args,
    isReady: () => sql('select 1'),
  });
  const isMade = await sql(
    `create database vp; create user vp@'%' identified by '${password}'; grant all on *.* to vp@'%' with grant option`,
  );
  if (!isMade) throw new Error(`MariaDB did not take its first statements: ${server.log()}`);
  const host = '127.0.0.1';
  const url = `mysql://vp:${password}@${host}:${port}/vp`;
  return { ...server, host, port, user: 'vp', password, database: 'vp', url, ca };
}
