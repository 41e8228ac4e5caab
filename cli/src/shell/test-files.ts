import { globSync } from 'node:fs';
import { join, sep } from 'node:path';

const skipped = new Set(['node_modules', '.vp', '.git', 'dist']);

/** The project's test files, sorted. */
export function findTestFiles(root: string, pattern?: string): readonly string[] {
  return globSync('**/*.test.{ts,mts,js,mjs}', { cwd: root, exclude: (name) => skipped.has(name) })
    .filter((file) => !file.split(sep).some((part) => skipped.has(part)))
    .filter((file) => pattern === undefined || file.includes(pattern))
    .map((file) => join(root, file))
    .sort();
}
