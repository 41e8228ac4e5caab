import { join, resolve } from 'node:path';
import type { Paths } from '@vp/contracts';

export function projectPaths(projectDir: string): Paths {
  const project = resolve(projectDir);
  return { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) };
}
