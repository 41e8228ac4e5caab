import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds of one process, from start to end, while this one goes on serving it. */
export async function asyncOnce(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const start = performance.now();
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exits with ${code}`);
  return performance.now() - start;
}
