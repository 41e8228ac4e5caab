import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A server process that ends with this one, however this one ends. */
export interface Server {
  /** Of the server itself; another one after `start`. */
  pid(): number;
  /** What it said last, for error messages. */
  log(): string;
  /** Kills the server as a crash would, and keeps its folder. */
  kill(): Promise<void>;
  /** Starts it again in the same folder after `kill`, and waits until it answers. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a server under `supervise.ts` and waits until `isReady`. */
export async function startServer(init: {
  readonly name: string;
  /** Removed when the server is stopped, or whoever started it is gone. */
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  isReady(): Promise<boolean>;
}): Promise<Server> {
  const { name, folder, command, args, isReady } = init;
  const supervisor = spawn(
    process.execPath,
    [join(import.meta.dirname, 'supervise.ts'), folder, command, ...args],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let log = '';
  let pid: number | undefined;
  const keep = (text: string) => {
    log = (log + text).slice(-20_000);
  };
  supervisor.stderr.setEncoding('utf8').on('data', keep);
  supervisor.stdout.setEncoding('utf8').on('data', (text: string) => {
    keep(text);
    for (const line of text.split('\n')) {
      const [, started] = /^started (\d+)$/.exec(line) ?? [];
      if (started !== undefined) pid = Number(started);
      if (line === 'ended') pid = undefined;
    }
  });
  const gone = new Promise<void>((resolve) => supervisor.once('exit', () => resolve()));
  const stop = async () => {
    supervisor.stdin.end();
    await gone;
  };
  const wait = async () => {
    const end = Date.now() + 60_000;
    while (pid === undefined && Date.now() < end && !log.endsWith('ended\n')) await pause(10);
    while (!(await isReady())) {
      if (pid === undefined || Date.now() > end) {
        await stop();
        throw new Error(`${name} did not start: ${log}`);
      }
      await pause(50);
    }
  };
  await wait();
  return {
    pid: () => pid ?? 0,
    log: () => log,
    async kill() {
      supervisor.stdin.write('kill\n');
      while (pid !== undefined) await pause(5);
    },
    async start() {
      log = '';
      supervisor.stdin.write('start\n');
      await wait();
    },
    stop,
  };
}

/** A port of the loopback that is free now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
