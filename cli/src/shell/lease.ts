import { mkdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { installedFolder } from './plugin-folder.ts';

const folder = '.vp/plugins/in-use';

/**
 * Says that this process works with the installed plugins as they are now, so that no install removes
 * their generation under it. As `leaseGeneration` of the installer, which takes too long to load here.
 */
export function leaseInstalled(project: string): Disposable {
  let generation: string;
  try {
    generation = basename(readlinkSync(join(project, installedFolder)));
  } catch {
    // Nothing is installed by a lock.
    return { [Symbol.dispose]: () => {} };
  }
  const file = join(project, folder, String(process.pid));
  try {
    mkdirSync(join(project, folder), { recursive: true });
    writeFileSync(file, generation);
  } catch {
    // Where nobody can write nothing is removed either.
  }
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}
