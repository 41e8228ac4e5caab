import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Paths } from '@vp/plugin-sdk';
import { defineConformance } from '@vp/plugin-sdk/conformance';
import { create{{class}}Auth } from './auth.ts';

/** What `npm test` and `vp plugins conformance` prove the provider on. */
export default defineConformance({
  auth: {
    '{{id}}': {
      async create() {
        const project = await mkdtemp(join(tmpdir(), 'auth-'));
        const paths: Paths = { project, state: join(project, '.vp'), resolve: (path) => resolve(project, path) };
        const folder = join(project, 'secrets');
        // As an orchestrator mounts them: the name is a link to the current version.
        await mkdir(join(folder, '..data'), { recursive: true });
        await mkdir(join(folder, 'shop'));
        await writeFile(join(project, 'outside'), 'not for you');
        await writeFile(join(folder, '..data/password'), '  pässword with "quotes"  \n');
        await writeFile(join(folder, 'shop/token'), 'line one\nline two\n\n');
        await symlink(join('..data', 'password'), join(folder, 'password'));
        await symlink(join('..', 'outside'), join(folder, 'escape'));
        return {
          open: () => create{{class}}Auth({ config: { folder: 'secrets' }, paths }),
          capabilities: ['secrets'],
          secrets: {
            present: [
              { ref: 'secret://{{id}}/password', value: '  pässword with "quotes"  ' },
              { ref: 'secret://{{id}}/shop/token', value: 'line one\nline two\n' },
            ],
            missing: ['secret://{{id}}/nothing', 'secret://{{id}}/shop/none', 'secret://{{id}}/shop'],
            forbidden: [
              'secret://{{id}}/../outside',
              'secret://{{id}}/shop/../../outside',
              'secret://{{id}}//etc/passwd',
              'secret://{{id}}/escape',
              'secret://{{id}}/password\0.txt',
            ],
          },
          dispose: () => rm(project, { recursive: true }),
        };
      },
    },
  },
});
