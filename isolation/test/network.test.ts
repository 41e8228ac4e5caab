import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { points } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { context, type Started, start } from './support/start.ts';

/** Answers with what it is sent; a body of 100,000 bytes when that is nothing. */
const answer: http.RequestListener = (request, response) => {
  if (request.method === 'POST') request.pipe(response);
  else response.end('z'.repeat(100_000));
};

let project: string;
let plugin: Started;
let ca: string;
let connections = 0;
const servers: (http.Server | https.Server | net.Server)[] = [];
const ports: Record<string, number> = {};

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'vp-network-'));
  const [key, cert] = [join(project, 'key.pem'), join(project, 'cert.pem')];
  // biome-ignore format: one option and its value a pair
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    { stdio: 'ignore' });
  ca = readFileSync(cert, 'utf8');
  const made = {
    http: http.createServer(answer),
    https: https.createServer({ key: readFileSync(key), cert: ca }, answer),
    echo: net.createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => {}).pipe(socket)),
    // Takes a connection and never reads.
    deaf: net.createServer((socket) => socket.on('error', () => {}).pause()),
    other: net.createServer(() => {
      connections += 1;
    }),
  };
  for (const [name, server] of Object.entries(made)) {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, resolve));
    ports[name] = (server.address() as AddressInfo).port;
  }
  plugin = await start({
    plugin: 'netizen',
    directory: join(import.meta.dirname, 'support'),
    entry: './netizen.mts',
    project,
    contributes: { commands: [{ id: 'netizen', contract: 'command@1', summary: 'Connects' }] },
    permissions: {
      network: [
        ...['http', 'https', 'echo', 'deaf'].map((name) => `localhost:${ports[name]}`),
        'localhost:1',
      ],
    },
  });
});
afterAll(async () => {
  await plugin.stop();
  for (const server of servers) server.close();
  rmSync(project, { recursive: true });
});

async function connect(how: string): Promise<unknown> {
  const command = await plugin.instance(points.command, 'netizen');
  const args = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  return await command.run({ args: { ...args, how, ca }, flags: {}, json: true, print() {} }, context());
}

test.each([
  ['fetch', 100_000],
  ['fetchPost', 3_000_000],
  ['fetchMany', 30],
  ['httpGet', 100_000],
  ['httpsGet', 100_000],
  ['tlsConnect', true],
  ['startTls', true],
  ['echo', 5_000_000],
  ['lookUpAndDial', 'localhost reached'],
])('%s works through the host', async (how, expected) => {
  expect(await connect(how)).toBe(expected);
});

test.each([
  ['untrusted', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['refused', 'ECONNREFUSED'],
  ['otherPort', 'VP_ISOLATION_DENIED'],
  ['otherPortByAddress', 'VP_ISOLATION_DENIED'],
  ['otherName', 'VP_ISOLATION_DENIED'],
])('%s fails with the code that drivers go by', async (how, code) => {
  expect(await connect(how)).toBe(code);
});

test('whoever writes to somebody who does not read has to wait', async () => {
  expect(Number(await connect('flood'))).toBeLessThan(40_000_000);
});

test('what was refused was told, and nobody was connected to', () => {
  const { other } = ports;
  expect(plugin.denied).toEqual([
    { permission: 'network', wanted: `localhost:${other}` },
    { permission: 'network', wanted: `127.0.0.1:${other}` },
    { permission: 'network', wanted: 'evil.example (lookup)' },
  ]);
  expect(connections).toBe(0);
});
