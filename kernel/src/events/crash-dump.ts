import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStream, Json, VpEvent } from '@vp/contracts';
import type { Redactor } from '../secrets/index.ts';

export interface CrashDumpInit {
  /** `<project>/.vp/tmp`. */
  readonly folder: string;
  readonly redactor: Redactor;
  readonly error: unknown;
  /** What was being done: command line, versions, plugins. */
  readonly context?: { readonly [key: string]: unknown };
  readonly events?: readonly VpEvent[];
  readonly now?: Date;
}

/**
 * Writes what is known about a crash, without secrets, and gives the path. Synchronous: it is
 * called when the process is about to end.
 */
export function writeCrashDump(init: CrashDumpInit): string {
  const { folder, redactor, now = new Date() } = init;
  const dump: Json = redactor.json({
    at: now.toISOString(),
    pid: process.pid,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    memory: process.memoryUsage.rss(),
    error: init.error,
    stack: init.error instanceof Error ? init.error.stack : undefined,
    context: init.context ?? {},
    events: init.events ?? [],
  });
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `crash-${now.toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}.json`);
  // The last net: a secret that runs over the seam of two texts is found in the whole.
  writeFileSync(path, redactor.text(JSON.stringify(dump, null, 2)), { mode: 0o600 });
  return path;
}

/** The last events of a stream, for the dump. */
export function recentEvents(stream: EventStream, limit = 200): () => readonly VpEvent[] {
  const kept: VpEvent[] = [];
  stream.subscribe((event) => {
    kept.push(event);
    if (kept.length > limit * 2) kept.splice(0, limit);
  });
  return () => kept.slice(-limit);
}
