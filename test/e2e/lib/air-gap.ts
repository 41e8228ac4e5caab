import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VpResult } from './vp.ts';

const bin = join(import.meta.dirname, '../../../cli/bin/vp.js');

/** Whether this machine lets a test have a network namespace of its own: Linux, and root. */
export const canUnshare = spawnSync('unshare', ['--net', 'true']).status === 0;

/** Longer than any command takes that does not hang, on a busy machine. */
const hangsAfterMs = 60_000;

/** A machine without a route to anywhere, on which each connection that is tried is written down. */
export interface AirGap {
  /** Runs `vp` there. A command that hangs is ended, and has no exit code. */
  vp(args: readonly string[], options: { readonly cwd: string }): Promise<VpResult & AirGapResult>;
}

export interface AirGapResult {
  /** `127.0.0.1:4873`, `lookup registry.npmjs.org`: every connection and every name, of all processes. */
  readonly attempts: readonly string[];
}

export function createAirGap(folder: string): AirGap {
  const hook = join(folder, 'count-sockets.mjs');
  const log = join(folder, 'sockets.log');
  writeFileSync(hook, countSockets);
  return {
    async vp(args, { cwd }) {
      rmSync(log, { force: true });
      const result = await inNamespace([process.execPath, bin, ...args], {
        cwd,
        env: { NODE_OPTIONS: `--import=${hook}`, VP_TEST_SOCKETS: log },
      });
      const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
      return { ...result, attempts: text.split('\n').filter((line) => line !== '') };
    },
  };
}

function inNamespace(
  words: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<VpResult> {
  const { cwd, env } = options;
  const { promise, resolve, reject } = Promise.withResolvers<VpResult>();
  const plain = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn('unshare', ['--net', ...words], {
    cwd,
    env: { ...plain, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: hangsAfterMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.once('error', reject);
  child.once('close', (code) => resolve({ code, stdout, stderr }));
  return promise;
}

// A path is a pipe of this machine; everything else leaves the process for a network.
const countSockets = `import { appendFileSync } from 'node:fs';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

const note = (line) => appendFileSync(process.env.VP_TEST_SOCKETS, line + '\\n');
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const to = typeof first === 'object' && first !== null ? first : typeof first === 'string' && Number.isNaN(Number(first)) ? { path: first } : { port: first, host: args[1] };
  if ((to.path ?? null) === null) note((to.host ?? 'localhost') + ':' + to.port);
  return connect.apply(this, args);
};
const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  note('a datagram');
  return send.apply(this, args);
};
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  const original = dns[name];
  dns[name] = (host, ...rest) => {
    note('lookup ' + host);
    return original(host, ...rest);
  };
}
`;
