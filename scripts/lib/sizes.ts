import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspaces } from './repo.ts';

const outlier = 350;

/** How long the source files are: median, 95th percentile and those that want to be split. */
export function sizeReport(): string {
  const folders = [...workspaces().flatMap(({ dir }) => [`${dir}/src`, `${dir}/test`]), 'scripts', 'test'];
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.{ts,js,mjs}`),
    { cwd: root },
  )
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const at = (share: number) =>
    files[Math.min(files.length - 1, Math.floor(files.length * share))]?.lines ?? 0;
  const long = files.filter(({ lines }) => lines > outlier).reverse();
  return [
    `${files.length} files, median ${at(0.5)} lines, 95th percentile ${at(0.95)}, ${long.length} over ${outlier}`,
    ...long.map(({ file, lines }) => `  ${lines} ${file}`),
  ].join('\n');
}
