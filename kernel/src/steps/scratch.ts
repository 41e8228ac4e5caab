import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepScope } from './scope.ts';

let count = 0;

/** Names of the folders: run, process, number. */
export const scratchName = /^\d{8}-\d{6}-[0-9a-z]+-\d+-\d+$/;

/** A folder of this attempt, removed when it ends. */
export async function scratchFolder(scope: StepScope): Promise<string> {
  count += 1;
  const folder = join(scope.paths.state, 'tmp', `${scope.runId}-${process.pid}-${count}`);
  await mkdir(folder, { recursive: true });
  scope.defer('temporary files', () => rm(folder, { recursive: true, force: true }));
  return folder;
}
