import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from '../lib/generated.ts';
import { root, workspaces } from '../lib/repo.ts';

/** A copy of the licence in each package: npm packs no file from above the package's folder. */
export async function generate(): Promise<readonly GeneratedFile[]> {
  const text = readFileSync(join(root, 'LICENSE'), 'utf8');
  return workspaces()
    .filter(({ manifest }) => !manifest.private)
    .map(({ dir }) => ({ file: `${dir}/LICENSE`, text }));
}
