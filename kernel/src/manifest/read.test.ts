import { manifestJsonSchema } from '@vp/contracts/manifest';
import { describe, expect, test } from 'vitest';
import { parseManifest } from './read.ts';

const file = 'node_modules/acme/package.json';

function faults(value: unknown) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const result = parseManifest({ text, file, plugin: 'acme' });
  return result.ok ? [] : result.errors;
}

/** One of everything that a manifest can hold, so that every key has a place. */
const contribution = { id: 'x', contract: 'source@1', description: 'd', config: {}, capabilities: ['c'] };
const moves = { ...contribution, options: {}, formats: ['rows'] };
const value = {
  name: 'v',
  type: 'string',
  description: 'd',
  required: true,
  multiple: true,
  char: 'v',
  options: ['o'],
};
const full = {
  name: 'acme',
  version: '1.0.0',
  engines: { vp: '^1.0.0' },
  vp: {
    manifestVersion: 1,
    entry: './plugin.js',
    displayName: 'Acme',
    contributes: {
      sources: [moves],
      sinks: [moves],
      transforms: [moves],
      validators: [{ ...contribution, rules: [{ id: 'r', description: 'd', columns: 'one', options: {} }] }],
      alerters: [contribution],
      auth: [{ ...contribution, schemes: ['env'] }],
      executors: [contribution],
      engines: [{ ...contribution, accepts: ['rows'], offers: ['rows'] }],
      stores: [contribution],
      commands: [{ ...contribution, summary: 's', args: [value], flags: [value], examples: ['e'] }],
      extensions: [contribution],
    },
    points: [{ id: 'routes', major: 1, description: 'd' }],
    requires: { services: ['a.b@1'], optionalServices: ['a.c@1'], plugins: { other: '^1.0.0' } },
    provides: ['a.d@1'],
    hooks: ['plan.built@1'],
    permissions: { network: [], secrets: [], fs: ['read:data/**'], subprocess: [], env: [], native: false },
    activation: 'lazy',
    isolation: 'in-process',
    conformance: './conformance.json',
  },
};

type Path = readonly (string | number)[];

/** Every object of the manifest whose keys are fixed, as a path. */
function* objects(at: unknown, path: Path): Generator<Path> {
  if (Array.isArray(at)) {
    for (const [i, item] of at.entries()) yield* objects(item, [...path, i]);
  } else if (typeof at === 'object' && at !== null) {
    const free = ['config', 'options', 'plugins'].includes(String(path.at(-1)));
    if (!free) yield path;
    for (const [key, item] of Object.entries(at)) yield* objects(item, [...path, key]);
  }
}

function* typosOf(key: string): Generator<string> {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (let i = 0; i < key.length; i++) {
    yield key.slice(0, i) + key.slice(i + 1);
    if (i > 0) yield key.slice(0, i - 1) + key[i] + key[i - 1] + key.slice(i + 1);
    for (const letter of letters) yield key.slice(0, i) + letter + key.slice(i + 1);
  }
}

function renamed(at: unknown, path: Path, from: string, to: string): unknown {
  const [head, ...rest] = path;
  if (Array.isArray(at)) return at.map((item, i) => (i === head ? renamed(item, rest, from, to) : item));
  if (typeof at !== 'object' || at === null) return at;
  return Object.fromEntries(
    Object.entries(at).map(([key, item]) => {
      if (head === undefined) return [key === from ? to : key, item];
      return [key, key === head ? renamed(item, rest, from, to) : item];
    }),
  );
}

/** `at` with further keys in the object at `path`. */
function withKeys(at: unknown, path: Path, keys: readonly string[]): unknown {
  const [head, ...rest] = path;
  if (Array.isArray(at)) return at.map((item, i) => (i === head ? withKeys(item, rest, keys) : item));
  if (head === undefined) return { ...Object(at), ...Object.fromEntries(keys.map((key) => [key, 1])) };
  return Object.fromEntries(
    Object.entries(Object(at)).map(([key, item]) => [key, key === head ? withKeys(item, rest, keys) : item]),
  );
}

function keysAt(at: unknown, path: Path): readonly string[] {
  const found = path.reduce<unknown>((inner, part) => Reflect.get(Object(inner), part), at);
  return Object.keys(Object(found));
}

test('a full manifest is read', () => {
  expect(parseManifest({ text: JSON.stringify(full), file, plugin: 'acme' })).toMatchObject({ ok: true });
});

test('the full manifest of this test has every key there is', () => {
  const known = JSON.stringify(manifestJsonSchema()).matchAll(/"properties":\{"([a-zA-Z]+)"/g);
  const text = JSON.stringify(full);
  for (const [, key] of known) expect(text).toContain(`"${key}":`);
});

test('every single-letter typo of every key is answered with the right key and its place', () => {
  let tried = 0;
  for (const path of objects(full.vp, ['vp'])) {
    const keys = keysAt(full, path);
    const meant = new Map<string, string>();
    for (const key of keys) {
      for (const typo of typosOf(key)) if (typo !== '' && !keys.includes(typo)) meant.set(typo, key);
    }
    // All typos of an object's keys at once: each must be reported, each with its own suggestion.
    const found = faults(withKeys(full, path, [...meant.keys()]));
    expect(found.map((error) => error.code)).toEqual(Array(meant.size).fill('VP_MANIFEST_UNKNOWN_KEY'));
    for (const [index, [typo, key]] of [...meant].entries()) {
      const pointer = [...path, typo].map((part) => `/${part}`).join('');
      expect(found[index]?.at?.pointer).toBe(pointer);
      expect(found[index]?.hint).toBe(`Rename the key "${typo}". Did you mean "${key}"?`);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(20_000);
});

describe('faults say where and why', () => {
  test.each([
    ['', /:1:1 is not JSON/],
    ['{\n  "name": "x",\n}', /:3:1 is not JSON/],
    ['{ "name": "x"', /:1:14 is not JSON/],
    ['{ "name": x }', /:1:11 is not JSON/],
  ])('%j', (text, says) => {
    const [error] = faults(text);
    expect(error).toMatchObject({ code: 'VP_MANIFEST_NOT_JSON', plugin: 'acme', phase: 'discover' });
    expect(error?.message).toMatch(says);
  });

  test('JSON that is no object', () => {
    expect(faults('[]')[0]).toMatchObject({ code: 'VP_MANIFEST_INVALID', at: { line: 1, column: 1 } });
    expect(faults('null')[0]).toMatchObject({ code: 'VP_MANIFEST_INVALID' });
  });

  test('a missing key says what stands there instead', () => {
    const [error] = faults(renamed(full, [], 'version', 'versoin'));
    expect(error?.message).toContain('/version');
    expect(error?.message).toContain('is missing (string), but there is "versoin"');
    expect(faults(renamed(full, [], 'vp', 'pv'))[0]).toMatchObject({
      code: 'VP_MANIFEST_NO_PLUGIN',
      hint: `In ${file}: did you write "pv" for "vp"?`,
    });
  });

  test('a wrong choice is answered with the nearest', () => {
    const [error] = faults({ ...full, vp: { ...full.vp, activation: 'lzay' } });
    expect(error?.message).toContain('"lzay" is not one of "lazy", "startup".');
    expect(error?.hint).toContain('Did you mean "lazy"?');
  });

  test('each has line, column and pointer', () => {
    const bad = {
      ...full,
      vp: { ...full.vp, hooks: ['plan.built'], points: [{ id: 'r', major: '1', description: '' }] },
    };
    const text = JSON.stringify(bad, null, 2);
    const found = faults(text);
    expect(found.map((error) => error.at?.pointer)).toEqual(['/vp/points/0/major', '/vp/hooks/0']);
    for (const error of found) {
      const line = text.split('\n')[(error.at?.line ?? 0) - 1] ?? '';
      expect(line.slice((error.at?.column ?? 0) - 1)).toMatch(/^"major"|^"plan\.built"/);
    }
  });
});
