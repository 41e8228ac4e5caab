import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { IsolateRequest } from '@vp/contracts';
import { realPath } from './patterns.ts';

/** The plugin's module, where it really lies. */
export function entryUrl({ directory, package: { vp } }: IsolateRequest): string {
  return pathToFileURL(realPath(join(directory, vp.entry))).href;
}
