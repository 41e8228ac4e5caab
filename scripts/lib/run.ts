import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from './repo.ts';

export interface RunResult {
  readonly code: number;
  /** stdout and stderr, in the order they came. */
  readonly output: string;
}

// Also right when a script is started as `node scripts/x.ts`, outside `npm run`.
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
};

/** Runs a command of the repository and collects what it prints; `inherit` shows it as it comes instead. */
export function run(command: string, args: readonly string[], options: { inherit?: boolean } = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const child = spawn(command, args, {
    cwd: root,
    env: options.inherit ? env : { ...env, FORCE_COLOR: undefined, NO_COLOR: '1' },
    stdio: options.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  child.once('error', reject);
  child.once('close', (code) => resolve({ code: code ?? 1, output }));
  return promise;
}
