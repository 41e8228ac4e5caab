/**
 * A place where tests kill the process, to see what it leaves behind. In a process that is not told to by
 * its environment it does nothing.
 */
export function crashPoint(name: string): void {
  if (process.env.VP_TEST_CRASH_AT === name) process.kill(process.pid, 'SIGKILL');
}
