import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listGenerations, previousGeneration, sweep } from './generations.ts';
import { leaseGeneration } from './lease.ts';

let project: string;
const generations = () => join(project, '.vp/plugins/generations');

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'vp-generations-'));
  for (const name of ['1', '2', '3', '4', '5', '10', '11'])
    mkdirSync(join(generations(), name), { recursive: true });
  use('10');
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function use(name: string): void {
  const current = join(project, '.vp/plugins/current');
  rmSync(current, { force: true });
  symlinkSync(join('generations', name), current);
}

test('the present one and the two before it are kept; one that never came into use is not', () => {
  mkdirSync(join(generations(), '.stage-1'));
  sweep(project);
  expect(listGenerations(project)).toEqual(['10', '5', '4']);
  expect(existsSync(join(generations(), '.stage-1'))).toBe(false);
  expect(previousGeneration(project)).toBe('5');
});

test('one that a running process works with is kept, and not when the process is gone', () => {
  use('1');
  const lease = leaseGeneration(project);
  use('10');
  sweep(project);
  expect(listGenerations(project)).toEqual(['10', '5', '4', '1']);
  lease[Symbol.dispose]();
  writeFileSync(join(project, '.vp/plugins/in-use/999999999'), '1');
  sweep(project);
  expect(listGenerations(project)).toEqual(['10', '5', '4']);
});

test('what a killed process was about to put in place is swept away, and nothing else', () => {
  const drafts = [
    'vp.toml.123.tmp',
    'vp.lock.9.tmp',
    '.vp/plugins/.current-7',
    '.vp/plugins/install.lock.999999999.new',
    '.vp/plugins/kill-lists.json.999999999',
  ];
  for (const name of [...drafts, 'vp.toml', 'vp.toml.bak', 'notes.1.tmp'])
    writeFileSync(join(project, name), '');
  sweep(project);
  expect(drafts.filter((name) => existsSync(join(project, name)))).toEqual([]);
  expect(['vp.toml', 'vp.toml.bak', 'notes.1.tmp'].every((name) => existsSync(join(project, name)))).toBe(
    true,
  );
});
