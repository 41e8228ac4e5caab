import { existsSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { errors } from '../errors.ts';
import { crashPoint } from './crash-point.ts';
import { writeDurably } from './durable.ts';
import { statePaths } from './paths.ts';
import { holdInstallLock } from './process-lock.ts';

const text = z.string().nullable();

/** A commit, as it is decided: what is to be, and what it replaces. `null` stands for "no such file". */
const journalSchema = z.strictObject({
  format: z.literal(1),
  /** Name of the generation's folder. */
  generation: z.string().regex(/^\d+$/),
  lock: z.strictObject({ before: text, after: text }),
  toml: z.strictObject({ before: text, after: text }),
});

export type Journal = z.infer<typeof journalSchema>;

/** Makes a staged generation the one in use. From the moment that the journal stands, it will be. */
export function commit(projectDir: string, journal: Journal): void {
  const { pending } = statePaths(projectDir);
  crashPoint('before-journal');
  writeDurably(pending, JSON.stringify(journal));
  crashPoint('journal');
  complete(projectDir, journal);
}

/**
 * Finishes an install that was cut off after it was decided. Every command that opens a project calls it
 * first; normally it looks for one file, and finds none.
 *
 * @returns whether there was something to finish
 * @throws VpError `VP_INSTALL_HALF` when vp.toml or vp.lock changed meanwhile
 */
export async function recoverInstall(projectDir: string): Promise<boolean> {
  const { pending, busy } = statePaths(projectDir);
  if (!existsSync(pending)) return false;
  // Whoever holds the lock is just now at it.
  using _ = await holdInstallLock(busy);
  return finishPending(projectDir);
}

/** As {@link recoverInstall}, for whoever holds the lock. */
export function finishPending(projectDir: string): boolean {
  const { pending } = statePaths(projectDir);
  const text = readText(pending);
  if (text === null) return false;
  let journal: Journal;
  try {
    journal = journalSchema.parse(JSON.parse(text));
  } catch (error) {
    throw errors.VP_INSTALL_HALF({ file: pending, why: 'it cannot be read' }, { cause: error });
  }
  complete(projectDir, journal);
  return true;
}

/** Each step may have been done already, by the process that was killed. */
function complete(projectDir: string, journal: Journal): void {
  const { pending, toml, lock } = statePaths(projectDir);
  replace(projectDir, lock, journal.lock);
  crashPoint('lock-written');
  replace(projectDir, toml, journal.toml);
  crashPoint('toml-written');
  pointTo(projectDir, journal.generation);
  crashPoint('current-swapped');
  rmSync(pending, { force: true });
  crashPoint('journal-removed');
}

function replace(projectDir: string, file: string, change: Journal['lock']): void {
  const now = readText(file);
  if (now === change.after) return;
  // Edited between the kill and now: neither text may be lost.
  if (now !== change.before) {
    const { pending } = statePaths(projectDir);
    throw errors.VP_INSTALL_HALF(
      { file: pending, why: `${basename(file)} was edited since` },
      { at: { file } },
    );
  }
  if (change.after === null) rmSync(file, { force: true });
  else writeDurably(file, change.after);
}

/** The text of a file; `null` when there is none. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (Object(error).code === 'ENOENT') return null;
    throw error;
  }
}

/** Swaps `current` in one step. */
function pointTo(projectDir: string, generation: string): void {
  const { current, plugins } = statePaths(projectDir);
  const target = join('generations', generation);
  if (presentGeneration(projectDir) === generation) return;
  const draft = join(plugins, `.current-${process.pid}`);
  rmSync(draft, { force: true });
  symlinkSync(target, draft);
  renameSync(draft, current);
}

/** Name of the generation in use. */
export function presentGeneration(projectDir: string): string | undefined {
  const { current } = statePaths(projectDir);
  try {
    return basename(readlinkSync(current));
  } catch (error) {
    if (['ENOENT', 'EINVAL', 'ENOTDIR'].includes(Object(error).code)) return undefined;
    throw error;
  }
}
