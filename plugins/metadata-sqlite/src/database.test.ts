import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isVpError } from '@vp/plugin-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { log } from '../test/store-contract.ts';
import { openStore } from './store.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vp-store-'));
  path = join(folder, 'metadata.db');
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

async function failure(): Promise<{
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}> {
  try {
    const store = await openStore({ path });
    await store[Symbol.asyncDispose]();
  } catch (error) {
    if (isVpError(error)) return error.toJSON();
    throw error;
  }
  throw new Error('opened');
}

describe('a file that cannot be used is named, with what to do', () => {
  test('not a database', async () => {
    await writeFile(path, 'x'.repeat(5000));
    const error = await failure();
    expect(error).toMatchObject({ code: 'VP_STORE_UNREADABLE' });
    expect(error.message).toContain(path);
    expect(error.hint).toContain('Move');
  });

  test('a damaged page in the middle', async () => {
    const store = await openStore({ path });
    await store.appendEvents(Array.from({ length: 500 }, (_, i) => log(i, 'x'.repeat(500))));
    await store[Symbol.asyncDispose]();
    const file = new DatabaseSync(path);
    const pages = Number(file.prepare('pragma page_count').get()?.page_count);
    file.close();
    const { open } = await import('node:fs/promises');
    const handle = await open(path, 'r+');
    await handle.write(Buffer.alloc(4096 * (pages - 20), 0xab), 0, undefined, 4096 * 16);
    await handle.close();
    await expect(openStore({ path }).then((s) => s.events({}))).rejects.toMatchObject({
      code: 'VP_STORE_UNREADABLE',
    });
  });

  test('a database of another program', async () => {
    const file = new DatabaseSync(path);
    file.exec('create table bookmark (url text)');
    file.close();
    expect((await failure()).code).toBe('VP_STORE_FOREIGN');
  });

  test('a schema of a newer version', async () => {
    await (await openStore({ path }))[Symbol.asyncDispose]();
    const file = new DatabaseSync(path);
    file.exec('pragma user_version = 99');
    file.close();
    const error = await failure();
    expect(error.code).toBe('VP_STORE_TOO_NEW');
    expect(error.message).toMatch(/version 99.*up to 1/);
  });

  test('a folder in its place', async () => {
    path = folder;
    expect((await failure()).code).toBe('VP_STORE_UNREADABLE');
  });

  test('a file where its folder should be', async () => {
    await writeFile(join(folder, 'taken'), '');
    path = join(folder, 'taken', 'metadata.db');
    expect((await failure()).code).toBe('VP_STORE_UNREADABLE');
  });
});

test('a write waits for another process that holds the write lock', async () => {
  await using store = await openStore({ path });
  const other = new DatabaseSync(path);
  other.exec('begin immediate');
  const write = store.putState('k', 1, 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  other.exec('rollback');
  other.close();
  expect(await write).toBe(true);
});

test('what is not JSON is refused by itself and does not harm the calls beside it', async () => {
  await using store = await openStore({ path });
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const results = await Promise.allSettled([
    store.appendEvents([log(1, 'good')]),
    store.appendEvents([Object.assign(log(2, 'bad'), { fields: cyclic })]),
  ]);
  expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected']);
  expect(await store.events({})).toHaveLength(1);
});
