import type { CallContext } from '@vp/plugin-sdk';
import type { Client, QueryResult, QueryResultRow } from 'pg';
import type { PostgresConfig } from '../config.ts';
import { faultOf } from './faults.ts';
import { tlsOptions } from './tls.ts';

/** One connection, for as long as its user needs it. */
export interface Session extends AsyncDisposable {
  readonly client: Client;
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Ends what runs in the server, from a second connection. */
  cancel(): Promise<void>;
}

/** A server that connections are opened to. */
export interface Server {
  readonly config: PostgresConfig;
  /** Opens a connection; it is cancelled in the server when the signal aborts. */
  open(context: CallContext, options?: { readonly readOnly?: boolean }): Promise<Session>;
}

export function createServer(config: PostgresConfig, resolve: (path: string) => string): Server {
  return {
    config,
    async open({ signal }, { readOnly = false } = {}) {
      signal.throwIfAborted();
      const client = await connect({ config, resolve, readOnly });
      return session({ client, config, resolve, signal });
    },
  };
}

async function connect(init: {
  readonly config: PostgresConfig;
  readonly resolve: (path: string) => string;
  readonly readOnly: boolean;
}): Promise<Client> {
  const { config, resolve, readOnly } = init;
  const { default: pg } = await import('pg');
  const ssl = await tlsOptions(config, resolve);
  const settings = [
    '-c datestyle=ISO -c intervalstyle=iso_8601 -c extra_float_digits=3 -c timezone=UTC -c client_encoding=UTF8',
    readOnly ? '-c default_transaction_read_only=on' : '',
    config.lock_timeout_ms > 0 ? `-c lock_timeout=${config.lock_timeout_ms}` : '',
  ];
  const make = (tls: typeof ssl) =>
    new pg.Client({
      host: config.host,
      port: config.port,
      database: config.database,
      user: config.user,
      password: typeof config.password === 'string' ? config.password : (config.password?.reveal() ?? ''),
      ssl: tls,
      connectionTimeoutMillis: config.connect_timeout_ms,
      application_name: config.application_name,
      options: settings.filter((each) => each !== '').join(' '),
      keepAlive: true,
      ...(config.statement_timeout_ms > 0 ? { statement_timeout: config.statement_timeout_ms } : {}),
    });
  const attempt = async (tls: typeof ssl) => {
    const client = make(tls);
    // Without a listener the loss of an idle connection ends the process; whoever uses it next is told.
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  try {
    return await attempt(ssl);
  } catch (error) {
    const hasNoTls = error instanceof Error && /does not support SSL/i.test(error.message);
    if (config.tls !== 'prefer' || !hasNoTls) throw faultOf(error, config);
  }
  try {
    return await attempt(false);
  } catch (error) {
    throw faultOf(error, config);
  }
}

async function session(init: {
  readonly client: Client;
  readonly config: PostgresConfig;
  readonly resolve: (path: string) => string;
  readonly signal: AbortSignal;
}): Promise<Session> {
  const { client, config, resolve, signal } = init;
  const pid: unknown = 'processID' in client ? client.processID : undefined;
  let isBusy = true;
  const cancel = async () => {
    const other = await connect({ config, resolve, readOnly: true });
    try {
      await other.query('select pg_cancel_backend($1)', [pid]);
    } finally {
      await other.end();
    }
  };
  const onAbort = () => {
    // The connection is of no more use, whether the server can be told or not.
    if (isBusy) void cancel().then(undefined, () => client.end());
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    client,
    cancel,
    async query<Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) {
      try {
        const result: QueryResult<Row> = await client.query<Row>(sql, [...values]);
        return result.rows;
      } catch (error) {
        signal.throwIfAborted();
        throw faultOf(error, config);
      }
    },
    async [Symbol.asyncDispose]() {
      isBusy = false;
      signal.removeEventListener('abort', onAbort);
      await client.end();
    },
  };
}
