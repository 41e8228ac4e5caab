import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorTable } from './error-table.ts';

test('the error table has every code of every room, once', () => {
  const found = globSync('**/errors.ts', { cwd: import.meta.dirname }).flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    return [...text.matchAll(/^ {2}(VP_[A-Z_]+): \{/gm)].map(([, code]) => code);
  });
  expect(found.length).toBeGreaterThan(50);
  expect(new Set(found).size).toBe(found.length);
  expect(Object.keys(errorTable).sort()).toEqual(found.sort());
});

test('every error says when it happens and has a hint', () => {
  for (const [code, row] of Object.entries(errorTable)) {
    expect(code).toMatch(/^VP_[A-Z]+(_[A-Z]+)+$/);
    expect([code, typeof row.hint]).toEqual([code, 'function']);
    expect(row.summary).toMatch(/^\S.*\.$/);
  }
});
