import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comparePackage } from './compare.ts';
import { scanPackage } from './tree.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vp-tree-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const path = fc
  .array(fc.constantFrom('a', 'b', 'lib', 'node_modules'), { minLength: 1, maxLength: 3 })
  .map((parts) => `${parts.join('/')}.js`)
  // The package's own dependencies are packages of their own.
  .filter((each) => !each.startsWith('node_modules/'));
const files = fc.dictionary(path, fc.string({ maxLength: 8 }), { minKeys: 1, maxKeys: 6 });

type Change = { readonly kind: 'changed' | 'missing' | 'extra'; readonly pick: number };
const change = fc.record({ kind: fc.constantFrom('changed', 'missing', 'extra'), pick: fc.nat() });

let count = 0;

function write(content: Readonly<Record<string, string>>): string {
  const directory = join(root, String(count++));
  for (const [file, text] of Object.entries(content)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  return directory;
}

/** Does it, keeps size and modification time where it can, and says which file it was. */
function damage(
  directory: string,
  content: Readonly<Record<string, string>>,
  { kind, pick }: Change,
): string {
  const names = Object.keys(content);
  const file = kind === 'extra' ? 'new.js' : (names[pick % names.length] ?? '');
  const full = join(directory, file);
  const folder = dirname(full);
  const before = statSync(kind === 'extra' ? folder : full);
  if (kind === 'missing') rmSync(full);
  else writeFileSync(full, kind === 'extra' ? '' : `${content[file]}!`.slice(content[file] === '' ? 0 : 1));
  if (kind === 'changed') utimesSync(full, before.atime, before.mtime);
  return file;
}

test('a package is as it was, or the file that differs is named, whatever its times say', () => {
  fc.assert(
    fc.property(files, change, (content, what) => {
      const directory = write(content);
      const { strange: _, ...indexed } = scanPackage(directory);
      const request = { directory, indexed, tree: indexed.tree };
      expect(comparePackage(request)).toEqual({ ok: true });
      expect(comparePackage({ ...request, thorough: true })).toMatchObject({ ok: true });
      const file = damage(directory, content, what);
      const same = scanPackage(directory).tree === indexed.tree;
      for (const thorough of [false, true]) {
        const found = comparePackage({ ...request, thorough });
        if (same) expect(found).toMatchObject({ ok: true });
        else expect(found).toEqual({ ok: false, differences: [{ file, kind: what.kind }] });
      }
    }),
    { numRuns: 60 },
  );
});

test('the hash of a tree is of names and bytes alone', () => {
  fc.assert(
    fc.property(files, (content) => {
      const one = scanPackage(write(content));
      const other = scanPackage(write(Object.fromEntries(Object.entries(content).toReversed())));
      expect(other.tree).toBe(one.tree);
    }),
    { numRuns: 30 },
  );
});
