import { defineErrors } from '@vp/plugin-sdk';

export const { errors, table: errorTable } = defineErrors({
  VP_STORE_UNREADABLE: {
    class: 'config',
    summary: 'The metadata database is not a SQLite database, is damaged, or cannot be opened.',
    message: (p: { path: string; reason: string }) =>
      `Cannot use the metadata database ${p.path}: ${p.reason}.`,
    hint: (p) =>
      `Move ${p.path} (and its -wal and -shm files) away, or restore a backup; a new one is made at the next command. ` +
      'Asset data is not touched: it lies in .vp/data.',
  },
  VP_STORE_FOREIGN: {
    class: 'config',
    summary: 'The file that is to hold the metadata is a SQLite database of another program.',
    message: (p: { path: string }) => `${p.path} is a SQLite database, but not one of VibePiper.`,
    hint: () => 'Set `path` in [store.sqlite] of vp.toml to a file of its own.',
  },
  VP_STORE_TOO_NEW: {
    class: 'config',
    summary: 'The metadata database was written by a newer version of the plugin.',
    message: (p: { path: string; found: number; known: number }) =>
      `The metadata database ${p.path} has schema version ${p.found}; this @vp/metadata-sqlite knows versions up to ${p.known}.`,
    hint: () => 'Upgrade @vp/metadata-sqlite to the version that the other processes of this deployment use.',
  },
  VP_STORE_BUSY: {
    class: 'transient',
    summary: 'Other processes kept the metadata database locked for too long.',
    message: (p: { path: string; waitedMs: number }) =>
      `The metadata database ${p.path} was locked by another process for ${Math.round(p.waitedMs / 1000)} s.`,
    hint: () => 'Look for a hanging vp process or an open SQLite shell on that file, and end it.',
  },
  VP_STORE_WRITE_FAILED: {
    class: 'config',
    summary: 'The metadata database cannot be written: the disk is full, read-only or failing.',
    message: (p: { path: string; reason: string }) =>
      `Cannot write the metadata database ${p.path}: ${p.reason}.`,
    hint: (p) =>
      `Free space or correct the permissions of ${p.path} and its folder, then run the command again.`,
  },
  VP_STORE_CLOSED: {
    class: 'internal',
    summary: 'The store was used after it was closed.',
    message: (p: { path: string }) => `The metadata database ${p.path} is closed.`,
  },
  VP_STORE_NOT_JSON: {
    class: 'plugin',
    summary: 'Something that is to be kept in the store is not plain JSON.',
    message: (p: { what: string; reason: string }) => `Cannot keep ${p.what}: ${p.reason}.`,
    hint: () => 'Keep only values that survive JSON: no bigint, function or cycle. Write a bigint as text.',
  },
  VP_STORE_FAILED: {
    class: 'internal',
    summary: 'SQLite refused a statement of the store for a reason that is not known.',
    message: (p: { path: string; reason: string }) => `SQLite failed on ${p.path}: ${p.reason}.`,
    hint: () => 'Please report this with the message.',
  },
});
