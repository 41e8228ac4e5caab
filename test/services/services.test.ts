import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startMariaDb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';

const timeout = 180_000;

const query = {
  postgres: (url: string, sql: string) => execFileSync('psql', [url, '-XAtc', sql], { encoding: 'utf8' }),
  mariadb: ({ port, password }: { port: number; password: string }, sql: string) =>
    execFileSync(
      'mariadb',
      ['--no-defaults', '-h127.0.0.1', `-P${port}`, '-uvp', `-p${password}`, 'vp', '-Ne', sql],
      { encoding: 'utf8' },
    ),
};

describe('PostgreSQL', { timeout }, () => {
  test('starts, survives its own crash with its data, and leaves nothing', async ({ skip }) => {
    const server = await startPostgres();
    if (typeof server === 'string') return refuse(server, skip);
    query.postgres(server.url, 'create table t as select 7 as x');
    const first = server.pid();
    await server.kill();
    expect(() => query.postgres(server.url, 'select 1')).toThrow();
    await server.start();
    expect(server.pid()).not.toBe(first);
    expect(query.postgres(server.url, 'select x from t')).toBe('7\n');
    await server.stop();
    expect(existsSync(dirname(dirname(server.ca)))).toBe(false);
  });

  test('ends when the process that started it is killed', async ({ skip }) => {
    const script = `
      const { startPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'postgres.ts'))});
      const server = await startPostgres();
      console.log(typeof server === 'string' ? server : JSON.stringify({ url: server.url, ca: server.ca }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').once('data', resolve);
    });
    if (!said.startsWith('{')) return refuse(said, skip);
    const { url, ca }: { readonly url: string; readonly ca: string } = JSON.parse(said);
    expect(query.postgres(url, 'select 1')).toBe('1\n');
    child.kill('SIGKILL');
    while (existsSync(dirname(dirname(ca)))) await pause(20);
    expect(() => query.postgres(url, 'select 1')).toThrow();
  });
});

test('MariaDB starts, survives its own crash with its data, and leaves nothing', { timeout }, async ({
  skip,
}) => {
  const server = await startMariaDb();
  if (typeof server === 'string') return refuse(server, skip);
  query.mariadb(server, 'create table t as select 7 as x');
  await server.kill();
  await server.start();
  expect(query.mariadb(server, 'select x from t')).toBe('7\n');
  await server.stop();
  expect(existsSync(dirname(server.ca))).toBe(false);
});

/** Under CI a server that cannot be had is a failure; elsewhere it is counted as skipped. */
function refuse(problem: string, skip: (note: string) => never): void {
  if (process.env.CI !== undefined) throw new Error(problem);
  skip(problem);
}
