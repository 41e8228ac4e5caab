import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isVpError, VpError } from '@vp/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthy } from '../support/healthy.ts';
import { attack, codeOf, type Outcome } from './attack.ts';

/** What becomes of each trick: the permission under which its refusal is told, or the code of the plugin's end. */
const expected: Readonly<Record<string, string>> = {
  abort: 'VP_ISOLATION_CRASHED',
  'answer-nobody-asked': 'protocol',
  'answer-replayed': 'protocol',
  'become-another-user': 'process',
  'blocking-wait': 'VP_ISOLATION_UNRESPONSIVE',
  'buffer-bomb': 'VP_ISOLATION_MEMORY',
  'busy-at-start': 'VP_ISOLATION_START_TIMEOUT',
  'call-twice-the-same': 'protocol',
  'call-unknown-method': 'protocol',
  'call-without-a-scope': 'protocol',
  'cancel-the-host': 'protocol',
  'change-directory': 'fs',
  'cluster-fork': 'subprocess',
  'connect-host-service': 'network',
  'connect-out': 'network',
  'crash-at-start': 'VP_ISOLATION_START_FAILED',
  'crash-report': 'process',
  'data-in-the-wrong-pipe': 'protocol',
  'data-unasked': 'protocol',
  'debug-host': 'process',
  'decimal-address': 'network',
  'deep-value': 'protocol',
  dlopen: 'native',
  'dns-exfiltration': 'network',
  'endless-frames': 'VP_ISOLATION_UNRESPONSIVE',
  'endless-stream': 'protocol',
  'env-dump': 'env',
  'events-forged': 'events',
  'events-in-anothers-name': 'events',
  exec: 'subprocess',
  execve: 'process',
  'exit-at-start': 'VP_ISOLATION_CRASHED',
  'exit-in-a-call': 'VP_ISOLATION_CRASHED',
  'fetch-metadata-service': 'network',
  ffi: 'native',
  'file-by-dot-dot': 'fs',
  'file-on-the-web': 'fs',
  'file-outside': 'fs',
  'file-pattern': 'fs',
  'fork-bomb': 'subprocess',
  'frame-garbage': 'protocol',
  'frame-huge': 'protocol',
  'frame-of-another-version': 'protocol',
  'frame-unknown-kind': 'protocol',
  'hang-at-start': 'VP_ISOLATION_START_TIMEOUT',
  'hard-link': 'fs',
  'heap-bomb': 'VP_ISOLATION_MEMORY',
  'heap-snapshot': 'fs',
  'http2-out': 'network',
  'infinite-loop': 'VP_ISOLATION_UNRESPONSIVE',
  'infinite-microtasks': 'VP_ISOLATION_UNRESPONSIVE',
  'inspector-open': 'inspector',
  'inspector-session': 'inspector',
  'kill-host': 'process',
  'kill-host-by-import': 'process',
  'linked-binding': 'process',
  listen: 'network',
  'loader-thread': 'worker',
  'long-number': 'protocol',
  'pong-without-ping': 'protocol',
  'proc-host-environment': 'fs',
  'proc-memory': 'fs',
  'process-binding': 'process',
  'prototype-pollution': 'protocol',
  'read-blob': 'fs',
  'read-by-buffer': 'fs',
  'read-dot-dot': 'fs',
  'read-dotenv': 'fs',
  'read-home': 'fs',
  'read-other-plugin': 'fs',
  'read-passwd': 'fs',
  'read-ungranted-data': 'fs',
  'read-vp-lock': 'fs',
  'read-vp-toml': 'fs',
  rebinding: 'network',
  'relation-of-the-engine': 'engine',
  'renice-host': 'process',
  'require-addon': 'native',
  'result-that-is-huge': 'VP_ISOLATION_GARBAGE',
  'rows-that-lie': 'protocol',
  'secret-planted': 'protocol',
  'secret-undeclared': 'secrets',
  'secret-ungranted': 'VP_PERMISSION_DENIED',
  spawn: 'subprocess',
  'sqlite-file': 'native',
  symlink: 'fs',
  'throw-later': 'VP_ISOLATION_CRASHED',
  udp: 'network',
  'unix-socket': 'network',
  'v8-natives': 'process',
  wasi: 'wasi',
  'watch-files': 'fs',
  'wide-value': 'protocol',
  'worker-exec-argv': 'worker',
  'write-granted-read': 'fs',
  'write-outside': 'fs',
  'write-own-code': 'fs',
};

const canary = 'canary-5a1c';
const files = [
  'granted/in.csv',
  'private/salaries.csv',
  'plugins/other/plugin.js',
  'vp.toml',
  'vp.lock',
  '.env',
  '.vp/metadata.db',
];
const together = 4;

let project: string;
let server: Server;
const heard: string[] = [];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'vp-hostile-'));
  for (const file of files) {
    mkdirSync(join(project, file, '..'), { recursive: true });
    writeFileSync(join(project, file), canary);
  }
  process.env.VP_TEST_CANARY = canary;
  server = createServer((socket) => {
    heard.push('a connection');
    socket.end(`HTTP/1.1 200 OK\r\n\r\n${canary}`);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => {
  Reflect.deleteProperty(process.env, 'VP_TEST_CANARY');
  server.close();
  rmSync(project, { recursive: true });
});

/** What the kernel's broker says of a secret that was not granted. */
const refusing = {
  async get(ref: string) {
    throw new VpError({
      code: 'VP_PERMISSION_DENIED',
      class: 'config',
      message: `Not ${ref}.`,
      plugin: 'broker',
    });
  },
};
const published: unknown[] = [];
const services = {
  'vp.secrets@1': refusing,
  'vp.state@1': { get: () => new Promise(() => {}), set: async () => {} },
  'vp.events@1': { publish: (event: unknown) => published.push(event), subscribe: () => () => {} },
};

/** Whether a trick failed as it should, and somebody can read which plugin tried what. */
function isDenied(name: string, { loot, error, denied }: Outcome): boolean {
  const how = expected[name] ?? '';
  const gotNothing = loot === undefined || loot === 'null';
  if (!how.startsWith('VP_')) return gotNothing && denied.some(({ permission }) => permission === how);
  return gotNothing && isVpError(error) && error.code === how && error.plugin !== undefined;
}

test(`hostile plugins get nothing, are told by name, and leave the host as it was`, {
  timeout: 120_000,
}, async () => {
  const names = globSync('*.mts', { cwd: join(import.meta.dirname, 'plugins') })
    .map((file) => basename(file, '.mts'))
    .filter((name) => name !== 'hostile')
    .sort();
  expect(names).toEqual(Object.keys(expected).sort());
  const memoryBefore = process.memoryUsage().rss;
  const { port } = server.address() as { port: number };

  const waiting = [...names];
  const outcomes = new Map<string, Outcome>();
  const one = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      outcomes.set(name, await attack(name, { project, port, services }));
    }
  };
  await Promise.all(Array.from({ length: together }, one));

  const got = [...outcomes].filter(([name, outcome]) => !isDenied(name, outcome));
  const told = (outcome: Outcome) =>
    `${codeOf(outcome.error)} ${JSON.stringify(outcome.denied)} ${outcome.loot}`;
  expect(got.map(([name, outcome]) => `${name}: ${told(outcome)}`)).toEqual([]);
  expect(JSON.stringify([...outcomes.values()])).not.toContain(canary);
  process.stdout.write(`${names.length} hostile plugins, ${names.length - got.length} denied\n`);
  expect(names.length).toBeGreaterThanOrEqual(40);

  // Nothing was changed, called or published, and nobody is left.
  for (const file of files) expect(readFileSync(join(project, file), 'utf8')).toBe(canary);
  expect(heard).toEqual([]);
  expect(published).toEqual([]);
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
  expect(leftProcesses()).toEqual([]);
  expect((process.memoryUsage().rss - memoryBefore) / 2 ** 20).toBeLessThan(300);
  expect(await healthy(project)).toEqual([1n, 2n, 3n]);
});

/** Command lines of processes that may read the hostile plugins' folder. */
function leftProcesses(): readonly string[] {
  const folder = `--allow-fs-read=${join(import.meta.dirname, 'plugins')}`;
  return globSync('/proc/[0-9]*/cmdline').flatMap((file) => {
    try {
      const line = readFileSync(file, 'utf8');
      return line.includes(folder) ? [line.replaceAll('\0', ' ')] : [];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}
