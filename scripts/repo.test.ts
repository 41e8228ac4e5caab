import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, workspaces } from './lib/repo.ts';

const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const referencesOf = (file: string) => readJson(file).references.map(({ path }: { path: string }) => path);

test('tsc -b from the root reaches the sources and the tests of every package', () => {
  const projects = workspaces().flatMap(({ dir }) => [`./${dir}`, `./${dir}/tsconfig.test.json`]);
  expect(referencesOf('tsconfig.json')).toEqual(expect.arrayContaining(projects));
  expect(referencesOf('tsconfig.repo.json')).toEqual(
    expect.arrayContaining(workspaces().map(({ dir }) => `./${dir}`)),
  );
});

test('every workspace has a manifest, sources and a licence', () => {
  for (const { dir } of workspaces()) {
    expect(readJson(`${dir}/package.json`), dir).toMatchObject({ license: 'Apache-2.0', type: 'module' });
    expect(existsSync(join(root, dir, 'src/index.ts')), dir).toBe(true);
  }
});

// A host in the lock would send everybody's npm ci to the machine of whoever wrote it.
test('the lock names no registry host, and a hash for each package that is downloaded', () => {
  const entries = Object.entries<Record<string, unknown>>(readJson('package-lock.json').packages);
  const downloaded = entries.filter(([path, { link }]) => path.includes('node_modules/') && !link);
  expect(downloaded.length).toBeGreaterThan(100);
  expect(downloaded.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(downloaded.filter(([, { integrity, inBundle }]) => !integrity && !inBundle)).toEqual([]);
});
