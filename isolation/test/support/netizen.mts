import dns from 'node:dns/promises';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import type { Command, Json, PluginDefinition } from '@vp/contracts';

type Args = Readonly<Record<string, string>>;

async function sizeOf(response: IncomingMessage): Promise<number> {
  let size = 0;
  for await (const chunk of response) size += chunk.length;
  return size;
}

const response = async (request: http.ClientRequest) =>
  (await once(request, 'response'))[0] as IncomingMessage;
const textOf = async (url: string, init?: RequestInit) => await (await fetch(url, init)).text();

async function connected(port: string | undefined, host = 'localhost'): Promise<net.Socket> {
  const socket = net.connect(Number(port), host);
  await once(socket, 'connect');
  return socket;
}

const codeOf = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

/** Every way out that drivers take. */
const ways: Readonly<Record<string, (args: Args) => Promise<unknown>>> = {
  fetch: async (args) => (await textOf(`http://localhost:${args.http}/`)).length,
  fetchPost: async (args) =>
    (await textOf(`http://localhost:${args.http}/`, { method: 'POST', body: 'y'.repeat(3_000_000) })).length,
  fetchMany: async (args) => {
    const one = (_: unknown, i: number) => textOf(`http://localhost:${args.http}/${i}`);
    return (await Promise.all(Array.from({ length: 30 }, one))).length;
  },
  httpGet: async (args) => await sizeOf(await response(http.get(`http://localhost:${args.http}/`))),
  httpsGet: async ({ https: port, ca }) =>
    await sizeOf(await response(https.get({ host: 'localhost', port: Number(port), ca: String(ca) }))),
  async tlsConnect({ https: port, ca }) {
    const socket = tls.connect({
      host: 'localhost',
      port: Number(port),
      ca: String(ca),
      servername: 'localhost',
    });
    await once(socket, 'secureConnect');
    socket.destroy();
    return socket.authorized;
  },
  // As drivers of databases do: plain first, TLS over the same connection then.
  async startTls({ https: port, ca }) {
    const plain = await connected(port);
    const socket = tls.connect({ socket: plain, ca: String(ca), servername: 'localhost' });
    await once(socket, 'secureConnect');
    socket.destroy();
    return socket.authorized;
  },
  async echo({ echo }) {
    const socket = await connected(echo);
    let size = 0;
    socket.on('data', (chunk) => {
      size += chunk.length;
    });
    for (let i = 0; i < 50; i += 1) socket.write(Buffer.alloc(100_000, i));
    socket.end();
    await once(socket, 'close');
    return size;
  },
  async lookUpAndDial({ echo }) {
    const { address } = await dns.lookup('localhost');
    const socket = await connected(echo, address);
    socket.destroy();
    return `localhost reached`;
  },
  untrusted: (args) => codeOf(() => response(https.get({ host: 'localhost', port: Number(args.https) }))),
  refused: () => codeOf(() => connected('1')),
  otherPort: ({ other }) => codeOf(() => connected(other)),
  otherPortByAddress: ({ other }) => codeOf(() => connected(other, '127.0.0.1')),
  otherName: () => codeOf(() => dns.lookup('evil.example')),
  async flood({ deaf }) {
    const socket = await connected(deaf);
    let sent = 0;
    for (let i = 0; i < 100; i += 1) {
      socket.write(Buffer.alloc(1_000_000), () => {
        sent += 1_000_000;
      });
    }
    await delay(500);
    socket.destroy();
    return sent;
  },
};

const plugin: PluginDefinition = {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    const point = { id: 'command', contract: 'command@1' } as never;
    registrar.contribute<Command, unknown, NonNullable<PluginDefinition['deps']>>(point, 'netizen', {
      create: (): Command => ({
        run: async ({ args }) => (await ways[String(args.how)]?.(args as Args)) as Json,
      }),
    });
  },
};
export default plugin;
