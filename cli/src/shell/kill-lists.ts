import { spawn } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isVpError } from '@vp/contracts';
import type { KillLists } from '@vp/contracts/registry';
import { errors } from './errors.ts';

/** A start waits no longer for registries. */
const patienceMs = 1_000;

/** After a try that failed nobody is asked for so long, or each command would wait. */
const pauseMs = 5 * 60_000;

/** From then on a list that could not be fetched again is worth a word. */
const oldMs = 7 * 24 * 3_600_000;

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** `"1h"` of `[policy]` in milliseconds. */
export function ageMs(text: string): number {
  const [, number, unit] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  return Number(number) * units[unit as keyof typeof units];
}

/** Registries whose list is older than `maxAgeMs`, or was never fetched. None when there is no route to any. */
export function dueRegistries(request: {
  readonly lists: KillLists;
  readonly registries: readonly string[];
  readonly maxAgeMs: number;
  readonly now: number;
}): readonly string[] {
  const { lists, registries, maxAgeMs, now } = request;
  if (lists.offline === true) return [];
  return registries.filter((registry) => {
    const checked = Date.parse(lists.registries[registry]?.checked ?? '');
    // A time to come is a clock that was set back: better ask.
    return !(checked <= now && now - checked < maxAgeMs);
  });
}

/** Fresh lists of these registries; `undefined` when what is at hand is fresh enough, or all there is. */
export type KillListAsker = (registries: readonly string[]) => Promise<KillLists | undefined>;

/**
 * Asks registries which versions they have withdrawn, when the deployment wants to know it anew. A
 * process of its own does it: the installer takes longer to load than most commands run. What it
 * brings too late counts for the next command.
 */
export function killListAsker(init: {
  readonly dir: string;
  /** `[policy] kill_list_max_age` */
  readonly maxAge: string;
  readonly note: (line: string) => void;
}): KillListAsker {
  const { dir, note } = init;
  return async (registries) => {
    const { readKillLists } = await import('@vp/kernel');
    const read = (): KillLists | undefined => {
      try {
        return readKillLists(dir);
      } catch (error) {
        // The kernel has told; the next answer replaces it.
        if (isVpError(error)) return { format: 1, registries: {} };
        throw error;
      }
    };
    const now = Date.now();
    const maxAgeMs = ageMs(init.maxAge);
    const lists = read();
    if (lists === undefined || dueRegistries({ lists, registries, maxAgeMs, now }).length === 0)
      return undefined;
    const tried = join(dir, '.vp/cache/kill-lists-tried');
    const lastTry = statSync(tried, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (now - lastTry > Math.min(pauseMs, maxAgeMs)) {
      touch(tried);
      await inOwnProcess(dir);
    }
    const fresh = read();
    if (fresh === undefined) return undefined;
    for (const registry of dueRegistries({ lists: fresh, registries, maxAgeMs: oldMs, now })) {
      const checked = fresh.registries[registry]?.checked;
      if (checked !== undefined)
        note(`warning ${errors.VP_CLI_KILL_LIST_OLD({ registry, checked }).message}`);
    }
    return fresh;
  };
}

function touch(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  } catch {
    // A project that cannot be written to is asked for at each start, and works.
  }
}

async function inOwnProcess(dir: string): Promise<void> {
  const [script] = process.argv.slice(1);
  if (script === undefined) return;
  const child = spawn(process.execPath, [script, 'plugins', 'refresh', '--project', dir, '--json'], {
    stdio: 'ignore',
  });
  // It ends by itself, within seconds, and keeps nobody waiting who is done.
  child.unref();
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  const patience = setTimeout(settle, patienceMs);
  child.once('close', () => settle());
  // A list that does not come, for whatever reason, leaves the one from before.
  child.once('error', () => settle());
  await settled;
  clearTimeout(patience);
}
