import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isLoopback, type ResolvedConfig } from '../config/read.ts';
import { milliseconds } from '../config/schema.ts';
import { errors } from '../errors.ts';
import type { Caller } from '../routes.ts';
import { registryVersion } from '../version.ts';
import { errorPage, isBrowser, pageOfPackage } from '../web/index.ts';
import { needRole } from './access.ts';
import { errorAnswer, readBody, send, shownError } from './answer.ts';
import { withDeadline } from './deadline.ts';
import { type Log, loggedPath } from './log.ts';
import { type GuardedRoute, match } from './router.ts';
import type { Engine } from './verdaccio.ts';

interface FrontInit {
  readonly config: ResolvedConfig;
  readonly routes: readonly GuardedRoute[];
  readonly engine: Engine;
  readonly callerOf: (request: IncomingMessage) => Caller | undefined;
  readonly accessLog: Log;
  readonly errorLog: Log;
}

/** The server before Verdaccio: who asks, what for, and whether they may. */
export function createFront(init: FrontInit): Server {
  const { config, accessLog } = init;
  const requestTimeout = milliseconds(config.limits.request_timeout);
  const server = createServer(
    {
      // Who sends a byte a second is cut off, in the header and in the body.
      headersTimeout: Math.min(15_000, requestTimeout),
      requestTimeout,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16 * 1024,
    },
    (request, response) => {
      const started = performance.now();
      let caller: Caller | undefined;
      response.once('close', () => {
        const { method = '', url = '', socket } = request;
        const status = response.writableFinished ? response.statusCode : 'aborted';
        const ms = Math.round(performance.now() - started);
        const who = caller?.name ?? '-';
        accessLog.write(
          `${new Date().toISOString()} ${socket.remoteAddress ?? '-'} ${who} ${method} ${loggedPath(url)} ${status} ${ms}ms`,
        );
      });
      hideFromOtherOrigins(response);
      // A client that goes away in the middle ends its own request only.
      response.on('error', (error) => logLine(init, request, error));
      answer(init, { request, response, identify: (found) => (caller = found) }).catch((error: unknown) =>
        fail(init, { request, response, error }),
      );
    },
  );
  server.maxConnections = config.limits.max_connections;
  return server;
}

/** A browser's page of somebody else reads nothing here, though Verdaccio would let it. */
function hideFromOtherOrigins(response: ServerResponse): void {
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    name.toLowerCase() === 'access-control-allow-origin' ? response : setHeader(name, value);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(
  init: FrontInit,
  exchange: Exchange & { readonly identify: (caller: Caller | undefined) => void },
): Promise<void> {
  const { config, routes, engine } = init;
  const { request, response, identify } = exchange;
  const { method = 'GET' } = request;
  const url = urlOf(request, config);
  checkHost(request, config);
  const found = match(routes, { method, pathname: url.pathname });
  const caller = init.callerOf(request);
  identify(caller);
  if (found === undefined) {
    if (method !== 'GET' && method !== 'HEAD') throw noRoute(method, url);
    // Of npm's own routes Verdaccio has those that read a package; the others are its own administration.
    if (url.pathname.startsWith('/-/') && !url.pathname.startsWith('/-/package/')) throw noRoute(method, url);
    const page = isBrowser(request) ? pageOfPackage(url) : undefined;
    if (page !== undefined) {
      send(response, page);
      return;
    }
    if (config.access === 'authenticated') needRole(caller, 'reader', 'Reading from this registry');
    delete request.headers.authorization;
    if (config.upstream !== undefined) {
      const { url: from, timeout } = config.upstream;
      const late = () =>
        send(response, errorAnswer(errors.VP_REGISTRY_UPSTREAM_SLOW({ url: from, timeout })));
      withDeadline(response, { ms: milliseconds(timeout), late });
    }
    engine(request, response);
    return;
  }
  const { route, rest } = found;
  if (route.needs !== undefined) needRole(caller, route.needs, route.what ?? 'This');
  else if (config.access === 'authenticated' && route.public !== true)
    needRole(caller, 'reader', 'Reading from this registry');
  const { headers, socket } = request;
  const address = socket.remoteAddress ?? '';
  const body = (limit = 64 * 1024) => readBody(request, limit);
  send(response, await route.handle({ method, url, rest, caller, headers, address, body }));
}

/**
 * A registry on loopback answers to its own names only: the page of a stranger whose host name suddenly leads to
 * 127.0.0.1 (DNS rebinding) would else read everything.
 */
function checkHost(request: IncomingMessage, { host, public_url }: ResolvedConfig): void {
  if (!isLoopback(host)) return;
  const { host: said = '' } = request.headers;
  const name = said.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (isLoopback(name) || name === host) return;
  if (public_url !== undefined && new URL(public_url).host === said) return;
  throw errors.VP_REGISTRY_HOST({ host: said });
}

const noRoute = (method: string, url: URL) => errors.VP_REGISTRY_NO_ROUTE({ method, path: url.pathname });

function logLine(
  { errorLog }: FrontInit,
  { method, url = '' }: IncomingMessage,
  thrown: unknown,
  id = '-',
): void {
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  errorLog.write(`${new Date().toISOString()} ${id} ${method} ${loggedPath(url)} ${text}`);
}

function fail(init: FrontInit, failed: Exchange & { readonly error: unknown }): void {
  const { request, response, error } = failed;
  const shown = shownError(error, (id, thrown) => logLine(init, request, thrown, id));
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  // What was not read of the body is not worth reading.
  if (!request.complete) response.setHeader('connection', 'close');
  const answer = errorAnswer(shown);
  const { status = 500, headers } = answer;
  if (!isBrowser(request)) send(response, answer);
  else {
    const { host = '' } = request.headers;
    const page = errorPage({ host, version: registryVersion(), status, error: shown });
    send(response, { ...page, headers: { ...page.headers, ...headers } });
  }
}

/** The request's URL, on the address that the client used. */
function urlOf(request: IncomingMessage, config: ResolvedConfig): URL {
  const base = config.public_url ?? `http://${request.headers.host ?? 'localhost'}`;
  const path = (request.url ?? '/').replace(/^\/+/, '/');
  try {
    return new URL(path, base);
  } catch (error) {
    throw errors.VP_REGISTRY_BAD_REQUEST({ problem: 'its address is none' }, { cause: error });
  }
}
