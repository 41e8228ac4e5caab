import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineSpec } from '@vp/contracts';

/** Leaves the names of all assets where a shell's completion can read them without starting Node. */
export function rememberAssets(project: string, { assets }: PipelineSpec): void {
  const folder = join(project, '.vp', 'cache');
  const file = join(folder, 'assets');
  const text = `${assets.map((asset) => asset.name).join('\n')}\n`;
  try {
    if (readOr(file) === text) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  } catch {
    // A project that cannot be written to goes without completion of names.
  }
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
