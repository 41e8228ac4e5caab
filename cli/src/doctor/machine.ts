import { mkdir, open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytes, duration } from '../ui/format.ts';
import { bad, type Finding, failed, ok } from './finding.ts';

const leastDisk = 200e6;
const comfortableDisk = 2e9;
/** Between this machine's clock and the file system's. */
const mostSkewMs = 2_000;

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > 24 || (major === 24 && minor >= 15);
  return isNew
    ? ok('node', `Node ${version}, ${process.platform} ${process.arch}`)
    : bad(
        'node',
        `Node ${version} is older than 24.15`,
        'Install a newer one, or: npm install --save-dev node@24',
      );
}

export async function checkDisk(folder: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < leastDisk) return bad('disk', `${bytes(free)} free`, `Make room on the disk of ${folder}.`);
    if (free < comfortableDisk)
      return bad('disk', `${bytes(free)} free`, `Little for data: ${folder}`, 'warning');
    return ok('disk', `${bytes(free)} free`);
  } catch (error) {
    return failed('disk', error);
  }
}

/** The state folder must take a file, rename it atomically, and keep time as this machine does. */
export async function checkStateFolder(project: string): Promise<readonly Finding[]> {
  const folder = join(project, '.vp', 'tmp');
  const file = join(folder, `doctor-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, 'x');
    const handle = await open(file, 'r+');
    await handle.sync();
    await handle.close();
    await rename(file, `${file}-renamed`);
    const { mtimeMs } = await stat(`${file}-renamed`);
    return [ok('state folder', '.vp can be written, synced and renamed in'), checkClock(Date.now(), mtimeMs)];
  } catch (error) {
    return [
      { ...failed('state folder', error), fix: `Make ${join(project, '.vp')} writable for this user.` },
    ];
  } finally {
    await rm(file, { force: true });
    await rm(`${file}-renamed`, { force: true });
  }
}

export function checkClock(now: number, fileTime: number): Finding {
  // Before this program was written: the battery is empty, or nobody set the clock.
  if (now < Date.UTC(2026, 0, 1)) {
    return bad(
      'clock',
      `It says ${new Date(now).toISOString()}`,
      'Set the clock: snapshots and runs sort by time.',
    );
  }
  const skew = Math.abs(now - fileTime);
  return skew > mostSkewMs
    ? bad(
        'clock',
        `It is ${duration(skew)} off from the file system's`,
        'Synchronise the clocks (NTP).',
        'warning',
      )
    : ok('clock', new Date(now).toISOString());
}
