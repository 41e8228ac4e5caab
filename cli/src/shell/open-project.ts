import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedProject } from '../project/index.ts';
import { findProjectRoot } from './project-root.ts';
import type { ProjectFlags } from './session.ts';

/** What an install that was cut off after it was decided has left, see the installer. */
export const pendingInstall = '.vp/plugins/pending.json';

/**
 * The project of a command, in one piece: an install that was cut off is finished first, since it may
 * have written vp.lock and not yet vp.toml.
 */
export async function openProject(
  flags: Pick<ProjectFlags, 'project' | 'env' | 'set'>,
): Promise<LoadedProject> {
  const { loadProject } = await import('../project/index.ts');
  const root = findProjectRoot(flags.project ?? process.cwd());
  if (root !== undefined && existsSync(join(root, pendingInstall))) {
    const { recoverInstall } = await import('@vp/installer');
    await recoverInstall(root);
  }
  return loadProject({ from: flags.project, environment: flags.env, set: flags.set });
}
