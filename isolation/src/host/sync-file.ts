import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { errors } from '../errors.ts';
import { isGranted } from './patterns.ts';
import type { Supervisor } from './supervisor.ts';

/** Syncs a file or folder that the plugin may read or write itself. */
export async function syncFile(
  path: string,
  { supervisor, temporary }: { readonly supervisor: Supervisor; readonly temporary: string | undefined },
): Promise<void> {
  const { label, patterns } = supervisor;
  const real = await realpath(path);
  const own = temporary === undefined ? undefined : `${await realpath(temporary)}${sep}`;
  const isOwn = own !== undefined && `${real}${sep}`.startsWith(own);
  if (!isOwn && !isGranted(patterns, 'write', real) && !isGranted(patterns, 'read', real)) {
    supervisor.denied({ permission: 'fs', wanted: `write:${path}` });
    throw errors.VP_ISOLATION_DENIED(
      { plugin: label, permission: 'fs', wanted: `write:${path}`, why: 'it is not granted' },
      { plugin: label },
    );
  }
  await using file = await open(real, 'r');
  await file.sync();
}
