import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { points } from '../points/index.ts';
import { contributionKeys, manifestJsonSchema, manifestSchema } from './manifest.ts';

const minimal = { manifestVersion: 1, entry: './dist/plugin.js' };

test('the published JSON Schema is that of the manifest; if not: npm run generate', () => {
  const text = readFileSync(join(import.meta.dirname, '../../schemas/manifest-v1.json'), 'utf8');
  expect(JSON.parse(text)).toEqual(manifestJsonSchema());
});

test('every key of contributes is an extension point, and every point but those of others has one', () => {
  expect(Object.values(contributionKeys).toSorted()).toEqual(Object.keys(points).toSorted());
  expect(Object.values(points).every((point) => /^[a-z]+@1$/.test(point.contract))).toBe(true);
});

test('a manifest may be as small as this', () => {
  expect(manifestSchema.parse(minimal)).toEqual(minimal);
});

test.each([
  ['an unknown key', { ...minimal, contributs: {} }, 'contributs'],
  ['another version', { ...minimal, manifestVersion: 2 }, 'manifestVersion'],
  ['an entry outside of the package', { ...minimal, entry: '../x.js' }, 'entry'],
  [
    'a source without formats',
    { ...minimal, contributes: { sources: [{ id: 'a', contract: 'source@1' }] } },
    'formats',
  ],
  [
    'a contract without a major',
    { ...minimal, contributes: { alerters: [{ id: 'a', contract: 'alerter' }] } },
    'contract',
  ],
  [
    'an id with capitals',
    { ...minimal, contributes: { alerters: [{ id: 'A', contract: 'alerter@1' }] } },
    'id',
  ],
  ['a file permission without its kind', { ...minimal, permissions: { fs: ['data/**'] } }, 'fs'],
])('%s is refused, by its place', (_, manifest, place) => {
  const result = manifestSchema.safeParse(manifest);
  expect(JSON.stringify(result.error?.issues)).toContain(place);
});
