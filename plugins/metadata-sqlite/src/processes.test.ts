import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLock } from '../test/store-contract.ts';
import { openStore } from './store.ts';

const script = fileURLToPath(new URL('../test/store-process.ts', import.meta.url));
let folder = '';
let children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vp-store-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await rm(folder, { recursive: true });
});

const path = () => join(folder, 'metadata.db');

function start(role: string, argument: string): ChildProcess {
  const child = spawn(process.execPath, [script, path(), role, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

async function finish(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
}

test('processes that append at the same time, to a file that none has made yet, lose nothing', async () => {
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => finish(start('append', name))));
  await using store = await openStore({ path: path() });
  for (const runId of names) {
    const events = await store.events({ runId });
    expect(events.map((e) => e.event.seq)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  }
});

test('compare-and-set counts right over processes', async () => {
  await Promise.all(['a', 'b', 'c'].map((name) => finish(start('count', name))));
  await using store = await openStore({ path: path() });
  expect((await store.getState('counter'))?.value).toBe(300);
});

test('a lock is refused while its holder lives, by pid, and taken over once it is killed', async () => {
  const child = start('hold', 'vp run');
  const [said] = await once(child.stdout ?? child, 'data');
  expect(String(said)).toBe('held\n');
  await using store = await openStore({ path: path() });
  expect(await store.acquireLock('run', 'me')).toMatchObject({
    heldBy: { pid: child.pid, purpose: 'vp run' },
  });
  expect((await store.runs({}))[0]?.status).toBe('running');

  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isLock(await store.acquireLock('run', 'me'))).toBe(true);
  expect((await store.runs({}))[0]?.status).toBe('crashed');
});
