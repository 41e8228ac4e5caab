import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { describeThrown } from '@vp/contracts';
import type { ResolvedConfig } from '../config/read.ts';
import { milliseconds } from '../config/schema.ts';
import { errors } from '../errors.ts';
import { openKeyring } from '../keys/keyring.ts';
import { createPublisher } from '../publish.ts';
import { layoutOf } from '../store/layout.ts';
import { openCatalogue } from '../store/live-catalogue.ts';
import { createMutex } from '../store/mutex.ts';
import { createPackageStore } from '../store/packages.ts';
import { openUsers } from '../users/users.ts';
import { createCallerOf, createFailureLimit } from './access.ts';
import { createFront } from './front.ts';
import { openLog } from './log.ts';
import { npmRoutes } from './npm-routes.ts';
import { createEngine } from './verdaccio.ts';

export interface Serving {
  readonly url: string;
  /** Of the first start on a data folder. */
  readonly adminToken: string | undefined;
  close(): Promise<void>;
}

/** Serves a data folder until it is closed. */
export async function serve(config: ResolvedConfig): Promise<Serving> {
  const layout = layoutOf(config.data);
  await mkdir(layout.root, { recursive: true, mode: 0o700 });
  await mkdir(layout.cache, { recursive: true });
  const store = createPackageStore(layout.packages);
  await store.sweep();
  const [keyring, users, catalogue] = await Promise.all([
    openKeyring(layout.keys),
    openUsers(layout),
    openCatalogue(store),
  ]);
  const changes = createMutex();
  const publish = createPublisher({ config, store, keyring, changes, changed: catalogue.changed });
  const failures = createFailureLimit(config.limits.failed_logins);
  const engine = await createEngine({ config, layout, hosted: await store.names() });
  const server = createFront({
    config,
    engine,
    routes: npmRoutes({ config, keyring, users, publish }),
    callerOf: createCallerOf({ users, failures }),
    accessLog: openLog(layout.logs, 'access'),
    errorLog: openLog(layout.logs, 'registry'),
  });
  const url = await listen(server, config);
  const adminToken = users.list().length === 0 ? await firstAdmin() : undefined;
  return {
    url,
    adminToken,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // What is under way may end; a client that hangs does not keep the registry.
      const deadline = setTimeout(() => server.closeAllConnections(), 5_000);
      await closed;
      clearTimeout(deadline);
    },
  };

  async function firstAdmin(): Promise<string> {
    await users.add({ name: 'admin', role: 'admin' });
    const lifetimeMs = milliseconds(config.tokens.lifetime);
    return (await users.createToken({ user: 'admin', lifetimeMs, note: 'first start' })).token;
  }
}

async function listen(server: Server, { host, port, public_url }: ResolvedConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const reason = describeThrown(error);
      reject(errors.VP_REGISTRY_PORT({ address: `${host}:${port}`, reason }, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return public_url ?? `http://${host.includes(':') ? `[${host}]` : host}:${actual}/`;
}

/** Of this package. */
export function registryVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version }: { readonly version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
