import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killListFile } from '@vp/contracts/registry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ageMs, dueRegistries, killListAsker } from './kill-lists.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-24T12:00:00Z');
const at = (ago: number) => ({ checked: new Date(now - ago).toISOString() });

test('an age of the policy in milliseconds', () => {
  expect(['30m', '1h', '2d', '1w'].map(ageMs)).toEqual([hour / 2, hour, 48 * hour, 168 * hour]);
});

test('a registry is asked when its list is too old, was never fetched, or is of a time to come', () => {
  const lists = {
    format: 1 as const,
    registries: { 'https://a/': at(hour / 2), 'https://b/': at(2 * hour), 'https://c/': at(-hour) },
  };
  const registries = ['https://a/', 'https://b/', 'https://c/', 'https://d/'];
  const request = { lists, registries, maxAgeMs: hour, now };
  expect(dueRegistries(request)).toEqual(['https://b/', 'https://c/', 'https://d/']);
  expect(dueRegistries({ ...request, lists: { ...lists, offline: true } })).toEqual([]);
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vp-kill-'));
  mkdirSync(join(dir, '.vp/plugins'), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const keep = (lists: object) => writeFileSync(join(dir, killListFile), JSON.stringify(lists));
const ask = () => {
  const notes: string[] = [];
  const asker = killListAsker({ dir, maxAge: '1h', note: (line) => notes.push(line) });
  return asker(['https://a.invalid/']).then((lists) => ({ lists, notes }));
};
const tried = () =>
  statSync(join(dir, '.vp/cache/kill-lists-tried'), { throwIfNoEntry: false }) !== undefined;

test('nobody is asked when the list is fresh, or where there is no route to any registry', async () => {
  keep({ format: 1, registries: { 'https://a.invalid/': { checked: new Date().toISOString() } } });
  expect(await ask()).toEqual({ lists: undefined, notes: [] });
  keep({ format: 1, offline: true, registries: {} });
  expect(await ask()).toEqual({ lists: undefined, notes: [] });
  expect(tried()).toBe(false);
});

test('after a try nobody is asked for a while, and an old list is worth a word', async () => {
  mkdirSync(join(dir, '.vp/cache'));
  writeFileSync(join(dir, '.vp/cache/kill-lists-tried'), '');
  const checked = new Date(Date.now() - 10 * 24 * hour).toISOString();
  const lists = { format: 1, registries: { 'https://a.invalid/': { checked } } };
  keep(lists);
  const answer = await ask();
  expect(answer.lists).toEqual(lists);
  expect(answer.notes).toEqual([expect.stringMatching(/https:\/\/a\.invalid\/ was last asked .* not known/)]);
});
