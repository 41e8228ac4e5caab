import { lookup as systemLookup } from 'node:dns/promises';
import net from 'node:net';
import { errors } from '../errors.ts';
import { WireFault } from '../wire/fault.ts';
import type { Link } from '../wire/link.ts';
import { objectOf } from '../wire/payload.ts';
import type { Crossing } from '../wire/value.ts';
import { isNamedBy, reachable, splitAddress } from './addresses.ts';

export interface NetworkInit {
  /** `name@version`. */
  readonly plugin: string;
  /** `host:port` patterns. */
  readonly grants: readonly string[];
  denied(attempt: { readonly permission: string; readonly wanted: string }): void;
}

interface Resolved {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Names of which the plugin was told the addresses. */
const mostNames = 1_000;
const connectMs = 30_000;
/** Connections of one plugin at once. */
const mostSockets = 256;

/**
 * The plugin's way out. It has no socket of its own: it names a host and a port, and what is dialled
 * here is what that name resolves to here, once.
 */
export class Network {
  readonly #init: NetworkInit;
  /** Names by the addresses that they had, for code that looks a name up and dials what it got. */
  readonly #names = new Map<string, Set<string>>();
  #sockets = 0;

  constructor(init: NetworkInit) {
    this.#init = init;
  }

  /** Addresses of a name, for which a port of it must be granted. */
  async lookup(args: Crossing): Promise<readonly Resolved[]> {
    const { host } = requestOf(args);
    if (net.isIP(host) !== 0) return [{ address: host, family: net.isIP(host) === 6 ? 6 : 4 }];
    const grants = this.#init.grants.filter((grant) => isNamedBy(splitAddress(grant)[0], host));
    if (grants.length === 0) throw this.#refuse(`${host} (lookup)`, 'no port of it is granted');
    const found = await resolve(host);
    for (const { address } of found) this.#remember(address, host);
    return found;
  }

  /** Dials, and gives the bytes that arrive as a stream; those to be sent come as one. */
  async connect(args: Crossing, link: Link): Promise<unknown> {
    const { host, port, stream } = requestOf(args);
    const outgoing = link.consume(stream, { kind: 'bytes' });
    try {
      const target = await this.#target(host, port);
      if (this.#sockets >= mostSockets)
        throw this.#refuse(`${host}:${port}`, `${mostSockets} connections are open`);
      const socket = await dial({ ...target, port });
      this.#sockets += 1;
      socket.once('close', () => {
        this.#sockets -= 1;
      });
      void pour(outgoing, socket);
      const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket;
      return {
        stream: link.produce({ kind: 'bytes', items: bytesOf(socket) }),
        remoteAddress,
        remotePort,
        remoteFamily,
        localAddress,
        localPort,
      };
    } catch (error) {
      void outgoing.return();
      throw error;
    }
  }

  /** Where to dial. @throws VpError when nothing grants it */
  async #target(host: string, port: number): Promise<Resolved> {
    const { grants } = this.#init;
    const wanted = `${host}:${port}`;
    const allowing = (name: string) =>
      grants.filter((grant) => {
        const [grantedHost, grantedPort] = splitAddress(grant);
        return isNamedBy(grantedHost, name) && isNamedBy(grantedPort, String(port));
      });
    if (net.isIP(host) !== 0) {
      // An address is granted as one, or because a granted name has it.
      const names = [host, ...(this.#names.get(host) ?? [])];
      const found = names.find((name) => reachable(host, { name, grants: allowing(name) }));
      if (found === undefined) throw this.#refuse(wanted, 'it is not granted');
      return { address: host, family: net.isIP(host) === 6 ? 6 : 4 };
    }
    const matching = allowing(host);
    if (matching.length === 0) throw this.#refuse(wanted, 'it is not granted');
    const addresses = await resolve(host);
    const found = addresses.find(({ address }) => reachable(address, { name: host, grants: matching }));
    if (found === undefined) {
      const led = addresses.map(({ address }) => address).join(', ');
      throw this.#refuse(wanted, `it leads to ${led}, which only a grant of that address or name reaches`);
    }
    return found;
  }

  #remember(address: string, name: string): void {
    const names = this.#names.get(address) ?? new Set();
    names.add(name);
    this.#names.set(address, names);
    const [oldest] = this.#names.keys();
    if (this.#names.size > mostNames && oldest !== undefined) this.#names.delete(oldest);
  }

  #refuse(wanted: string, why: string): Error {
    const { plugin, denied } = this.#init;
    denied({ permission: 'network', wanted });
    return errors.VP_ISOLATION_DENIED({ plugin, permission: 'network', wanted, why }, { plugin });
  }
}

function requestOf(args: Crossing): {
  readonly host: string;
  readonly port: number;
  readonly stream: Crossing;
} {
  const { host, port, stream } = objectOf(args, 'a connection');
  if (typeof host !== 'string' || host.length === 0 || host.length > 255 || /[^\w.:%-]/.test(host)) {
    throw new WireFault('a host that is no name');
  }
  const number = port ?? 0;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new WireFault('a port that is no number');
  }
  return { host, port: number, stream };
}

async function resolve(host: string): Promise<readonly Resolved[]> {
  const found = await systemLookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

async function dial(target: Resolved & { readonly port: number }): Promise<net.Socket> {
  const socket = net.connect({
    host: target.address,
    port: target.port,
    family: target.family,
    allowHalfOpen: true,
    noDelay: true,
    timeout: connectMs,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
    socket.once('timeout', () => {
      socket.destroy(Object.assign(new Error(`connect ETIMEDOUT ${target.address}`), { code: 'ETIMEDOUT' }));
    });
  });
  socket.setTimeout(0);
  socket.on('error', () => {
    // Told to the plugin by the end of its stream.
  });
  return socket;
}

async function* bytesOf(socket: net.Socket): AsyncGenerator<Uint8Array> {
  try {
    yield* socket.iterator({ destroyOnReturn: false });
  } finally {
    // Nobody reads any more: when all is sent too, the connection is over.
    if (socket.writableEnded || socket.errored !== null) socket.destroy();
  }
}

/** Sends what the plugin sends, as fast as the other side takes it. */
async function pour(outgoing: AsyncIterable<unknown>, socket: net.Socket): Promise<void> {
  try {
    for await (const chunk of outgoing) {
      if (socket.destroyed) return;
      if (chunk instanceof Uint8Array && !socket.write(chunk)) await drained(socket);
    }
    socket.end();
    if (socket.readableEnded) socket.destroy();
  } catch {
    // The plugin gave the connection up, or is gone.
    socket.destroy();
  }
}

function drained(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
