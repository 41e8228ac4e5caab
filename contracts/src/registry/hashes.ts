import { createHash } from 'node:crypto';
import type { Json } from '../core/json.ts';

/** One file of a package: its path with `/`, relative to the package, and the SHA-256 of its bytes in hex. */
export interface TreeFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * One hash for the content of a package, whatever order its files are listed in and whatever their
 * times and modes: SHA-256 over lines `<sha256>  <path>\n` (the format of `sha256sum`), sorted by path
 * in code units. Files below the package's own `node_modules` are no part of it: those are packages
 * of their own.
 *
 * @returns `sha256-<hex>`
 * @example
 * ```ts
 * import { treeHash } from '@vp/contracts/registry';
 * treeHash([{ path: 'package.json', sha256: '9f86d081884c7d65' }]);
 * ```
 */
export function treeHash(files: readonly TreeFile[]): string {
  const hash = createHash('sha256');
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path, sha256 } of sorted) hash.update(`${sha256}  ${path}\n`);
  return `sha256-${hash.digest('hex')}`;
}

/** `sha256-<hex>` of JSON, the same for equal values: keys sorted by code units, no spaces. */
export function jsonHash(value: Json): string {
  return `sha256-${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

/** JSON in one line with sorted keys: what hashes and signatures are made of. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`);
  return `{${parts.join(',')}}`;
}
