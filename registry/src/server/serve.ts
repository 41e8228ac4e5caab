import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { describeThrown } from '@vp/contracts';
import type { ResolvedConfig } from '../config/read.ts';
import { milliseconds } from '../config/schema.ts';
import { errors } from '../errors.ts';
import { searchRoutes } from '../search/index.ts';
import { openState, type RegistryState } from '../state.ts';
import { layoutOf } from '../store/layout.ts';
import { lockData } from '../store/lock.ts';
import { registryVersion } from '../version.ts';
import { webRoutes } from '../web/index.ts';
import { callerOf, createFailureLimit } from './access.ts';
import { createFront } from './front.ts';
import { openLog } from './log.ts';
import { npmRoutes } from './npm-routes.ts';
import { createEngine } from './verdaccio.ts';
import { vpRoutes } from './vp-routes.ts';

export interface Serving {
  readonly url: string;
  /** Of the first start on a data folder. */
  readonly adminToken: string | undefined;
  close(): Promise<void>;
}

/** Serves a data folder until it is closed. */
export async function serve(config: ResolvedConfig): Promise<Serving> {
  const lock = await lockData(layoutOf(config.data).running);
  try {
    const state = await openState(config);
    const adminSecret = randomBytes(32).toString('base64url');
    const server = await createServer(state, adminSecret);
    const port = await listen(server, config);
    await lock.announce(baseUrl(loopback(config.host), port), adminSecret);
    const adminToken = state.users.list().length === 0 ? await firstAdmin(state) : undefined;
    const base = config.public_url ?? baseUrl(config.host, port);
    const url = base.endsWith('/') ? base : `${base}/`;
    state.serving.url = url;
    const close = async () => {
      await closeServer(server);
      await lock.release();
    };
    return { url, adminToken, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function createServer(state: RegistryState, adminSecret: string): Promise<Server> {
  const { config, layout, users, catalogue, store } = state;
  const failures = createFailureLimit(config.limits.failed_logins);
  const context = { catalogue, version: registryVersion(), access: config.access };
  return createFront({
    config,
    engine: await createEngine({ config, layout, hosted: await store.names() }),
    routes: [
      ...vpRoutes(state, adminSecret),
      ...searchRoutes(context),
      ...webRoutes(context),
      ...npmRoutes(state, failures),
    ],
    callerOf: (request) => callerOf(users, request),
    accessLog: openLog(layout.logs, 'access'),
    errorLog: openLog(layout.logs, 'registry'),
  });
}

async function firstAdmin({ users, config }: RegistryState): Promise<string> {
  await users.add({ name: 'admin', role: 'admin' });
  const lifetimeMs = milliseconds(config.tokens.lifetime);
  return (await users.createToken({ user: 'admin', lifetimeMs, note: 'first start' })).token;
}

/** Lets what is under way end; a client that hangs does not keep the registry. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(deadline);
}

async function listen(server: Server, { host, port }: ResolvedConfig): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const reason = describeThrown(error);
      reject(errors.VP_REGISTRY_PORT({ address: `${host}:${port}`, reason }, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

const baseUrl = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;

/** Where a process of this machine reaches a server that listens everywhere. */
const loopback = (host: string) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);
