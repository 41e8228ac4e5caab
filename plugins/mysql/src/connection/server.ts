import type { CallContext } from '@vp/plugin-sdk';
import type { Connection } from 'mysql2';
import type { MysqlConfig } from '../config.ts';
import type { Command, Wire } from '../wire/driver.ts';
import { faultOf } from './faults.ts';
import { checkAddress, tlsOptions } from './tls.ts';

/** A row of a catalogue query: every value as the text that the server writes. */
export type TextRow = Readonly<Record<string, string | null>>;

/** What kind of server it is. */
export interface Flavour {
  readonly isMaria: boolean;
  /** `10.11.6-MariaDB`, `8.4.2` */
  readonly version: string;
  /** `1011`, `804`: major times 100 and minor. */
  readonly release: number;
  /** Names of tables are stored in lower case. */
  readonly foldsTables: boolean;
  readonly takesLocalFiles: boolean;
}

/** One connection, for as long as its user needs it. */
export interface Session extends AsyncDisposable {
  readonly flavour: Flavour;
  readonly wire: Wire;
  query<Row extends TextRow = TextRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Something else that is asked of the driver; it ends when the signal aborts. */
  ask<T>(work: () => Promise<T>): Promise<T>;
  /** Puts a command of ours into the driver's queue; `fail` is called when the signal aborts. */
  run<C extends Command>(command: C, fail: (reason: unknown) => void): C;
}

/** A server that connections are opened to. */
export interface Server {
  readonly config: MysqlConfig;
  /** Opens a connection; what runs in it is killed in the server when the signal aborts. */
  open(context: Pick<CallContext, 'signal'>, options?: { readonly readOnly?: boolean }): Promise<Session>;
}

export function createServer(config: MysqlConfig, resolve: (path: string) => string): Server {
  return {
    config,
    async open({ signal }, { readOnly = false } = {}) {
      signal.throwIfAborted();
      const opening = openSession({ config, resolve, readOnly, signal });
      const aborted = Promise.withResolvers<never>();
      const onAbort = () => aborted.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await Promise.race([opening, aborted.promise]);
      } catch (error) {
        // A connection that comes after the abort is nobody's.
        void opening.then(
          (session) => session[Symbol.asyncDispose](),
          () => {},
        );
        throw error;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}

interface Opening {
  readonly config: MysqlConfig;
  readonly resolve: (path: string) => string;
}

async function connect({ config, resolve }: Opening): Promise<Wire> {
  const { default: mysql } = await import('mysql2');
  const ssl = await tlsOptions(config, resolve);
  const attempt = (tls: typeof ssl) => {
    const connection = mysql.createConnection({
      host: config.host,
      port: config.port,
      database: config.database,
      user: config.user,
      password: typeof config.password === 'string' ? config.password : (config.password?.reveal() ?? ''),
      connectTimeout: config.connect_timeout_ms,
      charset: 'utf8mb4',
      enableKeepAlive: true,
      connectAttributes: { program_name: config.application_name },
      ...(tls === undefined ? {} : { ssl: tls }),
    });
    return connected(connection);
  };
  try {
    const wire = await attempt(ssl);
    checkAddress(config, wire.stream);
    return wire;
  } catch (error) {
    const hasNoTls = typeof error === 'object' && error !== null && 'code' in error && error.code === noTls;
    if (config.tls !== 'prefer' || !hasNoTls) throw faultOf(error, config);
  }
  try {
    return await attempt(undefined);
  } catch (error) {
    throw faultOf(error, config);
  }
}

const noTls = 'HANDSHAKE_NO_SSL_SUPPORT';

function connected(connection: Connection): Promise<Wire> {
  const made = Promise.withResolvers<Wire>();
  // Without a listener the loss of an idle connection ends the process; whoever uses it next is told.
  connection.on('error', (error) => made.reject(error));
  connection.once('connect', () => made.resolve(connection as Wire));
  return made.promise;
}

async function openSession(init: Opening & { readonly readOnly: boolean; readonly signal: AbortSignal }) {
  const { config, resolve, readOnly, signal } = init;
  const wire = await connect({ config, resolve });
  try {
    const [row] = await queryOf(
      wire,
      'select version() as v, @@lower_case_table_names as f, @@local_infile as l',
    );
    const flavour = flavourOf(row?.v ?? '', row?.f ?? '0', row?.l ?? '0');
    for (const setting of settingsOf(config, flavour, readOnly)) await queryOf(wire, setting);
    return sessionOf({ wire, flavour, config, resolve, signal });
  } catch (error) {
    wire.destroy();
    throw faultOf(error, config);
  }
}

function flavourOf(version: string, folds: string, local: string): Flavour {
  // MariaDB may stand behind a fake version for old clients: 5.5.5-10.11.6-MariaDB.
  const [, major = '0', minor = '0'] = /^(?:5\.5\.5-)?(\d+)\.(\d+)/.exec(version) ?? [];
  return {
    isMaria: /mariadb/i.test(version),
    version,
    release: Number(major) * 100 + Number(minor),
    foldsTables: folds !== '0',
    takesLocalFiles: local === '1' || local === 'ON',
  };
}

/** Seconds; a reader that is slow, or a load that waits for its source, must not lose its connection. */
const patience = 86_400;

function settingsOf(config: MysqlConfig, { isMaria }: Flavour, readOnly: boolean): readonly string[] {
  const { statement_timeout_ms: statement, lock_timeout_ms: lock } = config;
  const seconds = Math.max(1, Math.round(lock / 1000));
  return [
    'set names utf8mb4',
    `set session time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,` +
      `ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', sql_notes = 0,
       net_write_timeout = ${patience}, net_read_timeout = ${patience}, wait_timeout = ${7 * patience},
       group_concat_max_len = 1048576`,
    'set session transaction isolation level repeatable read',
    ...(readOnly ? ['set session transaction read only'] : []),
    ...(statement === 0
      ? []
      : [
          `set session ${isMaria ? `max_statement_time = ${statement / 1000}` : `max_execution_time = ${statement}`}`,
        ]),
    ...(lock === 0
      ? []
      : [`set session lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds}`]),
  ];
}

function queryOf(wire: Wire, sql: string, values: readonly unknown[] = []): Promise<readonly TextRow[]> {
  const done = Promise.withResolvers<readonly TextRow[]>();
  wire.query({ sql, values: [...values], typeCast: (field) => field.string() }, (error, result) => {
    if (error !== null) done.reject(error);
    else done.resolve(Array.isArray(result) ? (result as readonly TextRow[]) : []);
  });
  return done.promise;
}

function sessionOf(
  init: Opening & { readonly wire: Wire; readonly flavour: Flavour; readonly signal: AbortSignal },
): Session {
  const { wire, flavour, config, resolve, signal } = init;
  let running = 0;
  let isClosed = false;
  const failing = new Set<(reason: unknown) => void>();
  const kill = async () => {
    const other = await connect({ config, resolve });
    try {
      await queryOf(other, `kill query ${Number(wire.threadId)}`);
    } finally {
      other.destroy();
    }
  };
  const end = async () => {
    if (isClosed) return;
    isClosed = true;
    signal.removeEventListener('abort', onAbort);
    if (running === 0) {
      const gone = Promise.withResolvers<void>();
      wire.once('end', () => gone.resolve());
      wire.stream.once('close', () => gone.resolve());
      wire.end(() => gone.resolve());
      await gone.promise;
      wire.destroy();
      return;
    }
    // The server notices a closed socket only when it writes: what it computes is ended by name.
    wire.stream.destroy();
    await kill().catch(() => {
      // Gone, or out of reach: then nothing runs that could be ended.
    });
  };
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    running += 1;
    const aborted = Promise.withResolvers<never>();
    failing.add(aborted.reject);
    try {
      return await Promise.race([work(), aborted.promise]);
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf(error, config);
    } finally {
      failing.delete(aborted.reject);
      running -= 1;
    }
  };
  const onAbort = () => {
    for (const fail of failing) fail(signal.reason);
    if (running > 0) void end();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    flavour,
    wire,
    query: <Row extends TextRow>(sql: string, values: readonly unknown[] = []) =>
      ask(() => queryOf(wire, sql, values) as Promise<readonly Row[]>),
    ask,
    run(command, fail) {
      running += 1;
      failing.add(fail);
      const over = (reason: unknown) => {
        failing.delete(fail);
        running -= 1;
        onResult(reason);
      };
      const onResult = command.onResult.bind(command);
      const execute = command.execute.bind(command);
      wire.addCommand({
        onResult: over,
        execute(packet, on) {
          const isOver = execute(packet, on);
          if (isOver) {
            failing.delete(fail);
            running -= 1;
          }
          return isOver;
        },
      });
      return command;
    },
    [Symbol.asyncDispose]: end,
  };
}

/** A lock of the server that the session holds until it ends or releases it. Names have at most 64 characters. */
export async function tryLock(session: Session, name: string, seconds: number): Promise<boolean> {
  const [row] = await session.query('select get_lock(?, ?) as got', [name, seconds]);
  return row?.got === '1';
}

export async function releaseLock(session: Session, name: string): Promise<void> {
  await session.query('select release_lock(?) as released', [name]);
}
