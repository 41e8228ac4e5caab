import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server. */
export interface WireProxy {
  readonly port: number;
  /** Cuts all connections at the nth message of the client: before the server has it, or before its answer. */
  cutAt(message: number, lost: 'request' | 'answer'): void;
  /** The same once: whoever connects again is served. */
  stumbleAt(message: number): void;
  wasCut(): boolean;
  /** Takes connections from now on and answers nothing. */
  silence(isSilent: boolean): void;
  close(): Promise<void>;
}

/** A proxy before a server that speaks without TLS. */
export async function startProxy(server: {
  readonly host: string;
  readonly port: number;
}): Promise<WireProxy> {
  const sockets = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  let isLost: 'request' | 'answer' = 'request';
  let isSilent = false;
  let heals = false;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const listener = createServer((client) => {
    if (isSilent) {
      sockets.add(client);
      client.on('error', () => {});
      return;
    }
    const upstream = connect(server.port, server.host);
    sockets.add(client).add(upstream);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    upstream.on('data', (chunk) => {
      if (left > 0) client.write(chunk);
    });
    client.on('data', (chunk) => {
      left -= 1;
      if (left > 0) upstream.write(chunk);
      else if (left === 0 && isLost === 'answer') upstream.write(chunk, () => upstream.end(cut));
      else {
        cut();
        if (heals) left = Number.POSITIVE_INFINITY;
      }
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    cutAt(message: number, lost: 'request' | 'answer') {
      left = message;
      isLost = lost;
      heals = false;
    },
    stumbleAt(message) {
      left = message;
      isLost = 'request';
      heals = true;
    },
    wasCut: () => left <= 0,
    silence(silent) {
      isSilent = silent;
    },
    async close() {
      cut();
      listener.close();
    },
  };
}
