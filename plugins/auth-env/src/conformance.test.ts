import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Paths } from '@vp/plugin-sdk';
import { authKit, conformance } from '@vp/plugin-sdk/testing';
import { createAuthEnv } from './auth.ts';

const spaced = '  pässword with "quotes"  ';

async function subject() {
  const top = await mkdtemp(join(tmpdir(), 'vp-auth-env-'));
  const project = join(top, 'project');
  await mkdir(join(project, 'keys'), { recursive: true });
  await writeFile(join(top, 'outside'), 'not for you', { mode: 0o600 });
  await writeFile(join(project, 'keys/pem'), 'line one\nline two\n\n', { mode: 0o600 });
  await writeFile(join(project, '.env'), "FROM_FILE='value of .env'\n", { mode: 0o600 });
  await symlink(join(top, 'outside'), join(project, 'keys/link'));
  const paths: Paths = { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) };
  const variables = { SPACED: spaced, EMPTY: '' };
  return {
    open: () => createAuthEnv({ config: {}, paths, variables, user: () => 'ana' }),
    capabilities: ['identity', 'secrets'] as const,
    identities: {
      good: [
        { credentials: { kind: 'local' as const }, is: { id: 'local:ana', name: 'ana', provider: 'env' } },
      ],
      bad: [{ kind: 'basic' as const, username: 'ana', password: 'wrong password' }],
    },
    secrets: {
      present: [
        { ref: 'secret://env/SPACED' as const, value: spaced },
        { ref: 'secret://env/FROM_FILE' as const, value: 'value of .env' },
        { ref: 'secret://file/keys/pem' as const, value: 'line one\nline two\n' },
      ],
      missing: ['secret://env/NOWHERE', 'secret://env/EMPTY', 'secret://file/keys/none'] as const,
      forbidden: [
        'secret://file/../outside',
        'secret://file/keys/../../outside',
        'secret://file//etc/passwd',
        'secret://file/keys/link',
        'secret://file/keys/pem\0.txt',
      ] as const,
    },
    dispose: () => rm(top, { recursive: true }),
  };
}

conformance(authKit, { id: 'env', from: import.meta.dirname, create: subject });
