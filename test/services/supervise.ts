/**
 * Runs a server for as long as its own standard input is open: when whoever started it ends, however
 * it ends, the pipe closes, the server is killed and its folder is removed. Lines on the input:
 * `kill` kills the server and keeps its folder, `start` starts it again.
 *
 * node supervise.ts <folder to remove> <command> [argument …]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [folder = '', command = '', ...args] = process.argv.slice(2);
let server: ChildProcess | undefined;
let isOver = false;

function start(): void {
  const started = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  server = started;
  started.on('spawn', () => process.stdout.write(`started ${started.pid}\n`));
  started.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.stdout.write('ended\n');
    server = undefined;
  });
  started.on('exit', () => {
    server = undefined;
    if (isOver) finish();
    else process.stdout.write('ended\n');
  });
}

function end(): void {
  if (isOver) return;
  isOver = true;
  if (server === undefined) finish();
  else server.kill('SIGKILL');
}

function finish(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit();
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'kill') server?.kill('SIGKILL');
    if (line === 'start') start();
  })
  .on('close', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
start();
