import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Paths, SecretRef } from '@vp/plugin-sdk';
import { testContext } from '@vp/plugin-sdk/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthEnv } from './auth.ts';
import type { AuthEnvConfig } from './config.ts';

let project = '';
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'vp-auth-env-'));
});
afterEach(() => rm(project, { recursive: true }));

async function put(path: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(join(project, path, '..'), { recursive: true });
  await writeFile(join(project, path), text);
  await chmod(join(project, path), mode);
}

function open(config: AuthEnvConfig = {}, variables: Record<string, string> = {}) {
  const paths: Paths = { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) };
  const auth = createAuthEnv({ config, paths, variables, user: () => 'ana' });
  const context = testContext();
  return { auth, context, get: async (ref: SecretRef) => auth.secret?.(ref, context) };
}

describe('secret://env', () => {
  test('the environment wins over .env, and an empty variable is none', async () => {
    await put('.env', 'A=from file\nB="two\nlines"\n# comment\nexport C=c\nD=d');
    const { get } = open({}, { A: 'from env', D: '' });
    expect(await get('secret://env/A')).toBe('from env');
    expect(await get('secret://env/B')).toBe('two\nlines');
    expect(await get('secret://env/C')).toBe('c');
    expect(await get('secret://env/D')).toBe('d');
    expect(await get('secret://env/NONE')).toBeUndefined();
    expect(await get('secret://env/constructor')).toBeUndefined();
  });

  test('another file can be named, or none; a file that is missing is no fault', async () => {
    await put('.env', 'A=default');
    await put('conf/prod.env', 'A=prod');
    expect(await open({ env_file: 'conf/prod.env' }).get('secret://env/A')).toBe('prod');
    expect(await open({ env_file: false }).get('secret://env/A')).toBeUndefined();
    expect(await open({ env_file: 'gone.env' }).get('secret://env/A')).toBeUndefined();
  });

  test('a .env that cannot be read is a fault, and one that all can read a warning', async () => {
    await mkdir(join(project, '.env'));
    await expect(open().get('secret://env/A')).rejects.toMatchObject({ code: 'VP_AUTH_ENV_UNREADABLE' });
    await rm(join(project, '.env'), { recursive: true });
    await put('.env', 'A=a', 0o644);
    const { get, context } = open();
    expect(await get('secret://env/A')).toBe('a');
    await get('secret://env/A');
    expect(context.logs).toMatchObject([{ level: 'warn', message: expect.stringContaining('chmod 600') }]);
    const silent = open({ world_readable: 'allow' });
    await silent.get('secret://env/A');
    expect(silent.context.logs).toEqual([]);
  });

  test.each(['secret://env/A B', 'secret://env/a/b', 'secret://env/', 'secret://vault/x'] as const)(
    '%s is refused',
    async (ref) => {
      await expect(open().get(ref)).rejects.toMatchObject({ code: 'VP_AUTH_ENV_BAD_REFERENCE' });
    },
  );
});

describe('secret://file', () => {
  test('gives the content without one newline at its end', async () => {
    await put('keys/a', 'secret\n');
    await put('keys/b', 'two\n\n');
    await put('keys/c', '  spaces kept\r\n');
    const { get } = open();
    expect(await get('secret://file/keys/a')).toBe('secret');
    expect(await get('secret://file/keys/b')).toBe('two\n');
    expect(await get('secret://file/keys/c')).toBe('  spaces kept');
    expect(await get('secret://file/keys/none')).toBeUndefined();
    expect(await get('secret://file/keys/a/none')).toBeUndefined();
  });

  test('stays in its folder, also by way of links', async () => {
    await put('secrets/a', 'in');
    await put('other/b', 'out');
    await symlink(join(project, 'other/b'), join(project, 'secrets/link'));
    const { get } = open({ root: 'secrets' });
    expect(await get('secret://file/a')).toBe('in');
    for (const path of ['../other/b', 'link', '/etc/hostname', 'x/../../other/b']) {
      await expect(get(`secret://file/${path}`)).rejects.toMatchObject({ code: 'VP_AUTH_ENV_OUTSIDE' });
    }
  });

  test('what every user of the machine can read is refused, unless the deployment says otherwise', async () => {
    await put('key', 'hunter2', 0o644);
    await expect(open().get('secret://file/key')).rejects.toMatchObject({
      code: 'VP_AUTH_ENV_EXPOSED',
      hint: expect.stringContaining('chmod 600'),
    });
    const warned = open({ world_readable: 'warn' });
    expect(await warned.get('secret://file/key')).toBe('hunter2');
    expect(warned.context.logs).toHaveLength(1);
    expect(warned.context.text()).not.toContain('hunter2');
    expect(await open({ world_readable: 'allow' }).get('secret://file/key')).toBe('hunter2');
  });

  test('folders and large files are no secrets', async () => {
    await put('big', 'x'.repeat(65_537));
    await expect(open().get('secret://file/big')).rejects.toMatchObject({ code: 'VP_AUTH_ENV_TOO_LARGE' });
    await mkdir(join(project, 'folder'));
    await expect(open().get('secret://file/folder')).rejects.toMatchObject({
      code: 'VP_AUTH_ENV_UNREADABLE',
    });
  });
});

test('the local user is who the process runs as; tokens are not for us', async () => {
  const { auth, context } = open();
  expect(await auth.identify?.({ kind: 'local' }, context)).toEqual({
    id: 'local:ana',
    name: 'ana',
    groups: [],
    provider: 'env',
  });
  expect(await auth.identify?.({ kind: 'bearer', token: 'x' }, context)).toBeUndefined();
  expect(await auth.check?.(context)).toMatchObject({ ok: true });
});
