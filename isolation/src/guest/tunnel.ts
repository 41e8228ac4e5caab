import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import type { Link } from '../wire/link.ts';
import { objectOf } from '../wire/payload.ts';
import { ByteQueue } from './byte-queue.ts';

/**
 * Sends TCP connections through the host. This is how a plugin gets out, not what keeps it in: the
 * permission model gives it no sockets, and undoing any of this gains it none.
 */
export function tunnelSockets(link: Link): void {
  Object.defineProperty(net.Socket.prototype, 'connect', {
    configurable: true,
    writable: true,
    value: function connect(this: net.Socket, ...args: unknown[]): net.Socket {
      const { options, callback } = connectArguments(args);
      if (callback !== undefined) this.once('connect', callback);
      tunnel(this, { link, options });
      return this;
    },
  });
  const secure = tls.connect;
  tls.connect = ((...args: unknown[]) => {
    const { options, callback } = connectArguments(args);
    const given = options as tls.ConnectionOptions;
    const socket =
      given.socket ?? net.connect({ host: 'localhost', port: 443, ...options } as net.NetConnectOpts);
    const before = new Set(socket.rawListeners('connect'));
    const secured = secure({ ...given, socket }, callback);
    if (isTunnelled(socket) && !socket.connecting) {
      // TLS takes a socket without a handle for one that is not connected yet, and waits.
      const added = socket.rawListeners('connect').filter((listener) => !before.has(listener));
      process.nextTick(() => {
        for (const listener of added) Reflect.apply(listener, socket, []);
      });
    }
    return secured;
  }) as typeof tls.connect;
  tunnelLookups(link);
  syncBuiltinESMExports();
}

const tunnelled = new WeakSet<object>();

const isTunnelled = (socket: object): socket is net.Socket => tunnelled.has(socket);

type ConnectOptions = { readonly host?: unknown; readonly port?: unknown; readonly path?: unknown };

/** All the ways to say where to: an object, a port and a host, a path, or the list that net makes of them. */
function connectArguments(given: readonly unknown[]): {
  readonly options: ConnectOptions;
  readonly callback: (() => void) | undefined;
} {
  const args = Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
  const last = args.findLast((each) => typeof each === 'function');
  const callback = last as (() => void) | undefined;
  const [first, second, third] = args;
  if (typeof first === 'object' && first !== null) return { options: first, callback };
  const more = [second, third].find((each) => typeof each === 'object' && each !== null) ?? {};
  if (typeof first === 'string' && !/^\d+$/.test(first))
    return { options: { ...more, path: first }, callback };
  return {
    options: { ...(typeof second === 'string' ? { host: second } : {}), ...more, port: first },
    callback,
  };
}

function tunnel(socket: net.Socket, init: { readonly link: Link; readonly options: ConnectOptions }): void {
  const { link, options } = init;
  const { path, port } = options;
  const host = typeof options.host === 'string' && options.host !== '' ? options.host : 'localhost';
  const outgoing = new ByteQueue();
  let incoming: AsyncIterator<unknown> | undefined;
  let isReading = false;
  let isWanted = false;
  const state = socket as unknown as { connecting: boolean; _unrefTimer(): void };
  state.connecting = true;
  tunnelled.add(socket);

  const read = async () => {
    // Asked before there is a connection, it is asked once: what arrives first is read then.
    isWanted = true;
    if (incoming === undefined || isReading) return;
    isReading = true;
    isWanted = false;
    try {
      const { done, value } = await incoming.next();
      isReading = false;
      if (socket.destroyed) return;
      state._unrefTimer();
      socket.push(done === true ? null : value);
    } catch (error) {
      socket.destroy(asError(error));
    }
  };
  const bytesOf = (chunk: unknown, encoding: BufferEncoding) =>
    typeof chunk === 'string' ? Buffer.from(chunk, encoding) : (chunk as Uint8Array);
  const prototypeDestroy = net.Socket.prototype._destroy;
  Object.assign(socket, {
    _writev: null,
    _write(chunk: unknown, encoding: BufferEncoding, done: () => void) {
      state._unrefTimer();
      outgoing.push(bytesOf(chunk, encoding), done);
    },
    _final(done: () => void) {
      outgoing.end();
      done();
    },
    _read() {
      void read();
    },
    _destroy(error: Error | null, done: (error?: Error | null) => void) {
      outgoing.end(error ?? undefined);
      void incoming?.return?.();
      prototypeDestroy.call(socket, error, done);
    },
  });

  const connect = async () => {
    if (path !== undefined && path !== null) throw denied(link, `unix:${String(path)}`);
    const stream = link.produce({ kind: 'bytes', items: outgoing });
    const answer = objectOf(
      await link.call('net.connect', { host, port: Number(port), stream }),
      'a connection',
    );
    incoming = link.consume(answer.stream, { kind: 'bytes' });
    if (socket.destroyed) {
      void incoming.return?.();
      return;
    }
    for (const name of ['remoteAddress', 'remotePort', 'remoteFamily', 'localAddress', 'localPort']) {
      Object.defineProperty(socket, name, { value: answer[name], configurable: true });
    }
    Object.defineProperty(socket, 'pending', { value: false, configurable: true });
    state.connecting = false;
    socket.emit('connect');
    socket.emit('ready');
    if (isWanted) void read();
    else if (!socket.isPaused()) socket.read(0);
  };
  connect().catch((error: unknown) => socket.destroy(asError(error)));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function denied(link: Link, wanted: string): Error {
  link.note({ type: 'denied', permission: 'network', wanted });
  return Object.assign(new Error(`An isolated plugin has no ${wanted}.`), { code: 'ERR_ACCESS_DENIED' });
}

interface Found {
  readonly address: string;
  readonly family: 4 | 6;
}

function tunnelLookups(link: Link): void {
  const find = async (host: string, options: unknown): Promise<readonly Found[]> => {
    const family =
      typeof options === 'object' && options !== null && 'family' in options ? options.family : options;
    const found = (await link.call('net.lookup', { host })) as unknown as readonly Found[];
    const wanted = found.filter((each) => (family !== 4 && family !== 6 ? true : each.family === family));
    if (wanted.length > 0) return wanted;
    throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', hostname: host });
  };
  const isAll = (options: unknown) =>
    typeof options === 'object' && options !== null && 'all' in options && options.all === true;
  dns.promises.lookup = (async (host: string, options?: unknown) => {
    const found = await find(host, options);
    return isAll(options) ? found : found[0];
  }) as typeof dns.promises.lookup;
  dns.lookup = ((host: string, ...rest: unknown[]) => {
    const callback = rest.at(-1) as (error: Error | null, ...found: unknown[]) => void;
    const options = rest.length > 1 ? rest[0] : undefined;
    find(host, options).then(
      (found) =>
        isAll(options) ? callback(null, found) : callback(null, found[0]?.address, found[0]?.family),
      (error: unknown) => callback(asError(error)),
    );
  }) as typeof dns.lookup;
}
