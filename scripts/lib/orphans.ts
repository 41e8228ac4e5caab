import { existsSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './repo.ts';

/** Removes what tsc once compiled from a source that is gone; a bundle (no `.d.ts` beside it) is left alone. */
export function removeOrphans(dir: string): void {
  const dist = join(root, dir, 'dist');
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    const stem = file.slice(0, -'.d.ts'.length);
    if (existsSync(join(root, dir, 'src', `${stem}.ts`))) continue;
    for (const extension of ['.d.ts', '.js', '.js.map'])
      rmSync(join(dist, stem + extension), { force: true });
  }
}
