import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { RegistryState } from '../state.ts';
import { asDiskError } from '../store/durable.ts';
import { inTurns } from '../store/in-turns.ts';

/** Name of the list of files and their hashes: the last entry, so that a backup that was cut off has none. */
export const listName = 'backup.json';

export interface BackupSummary {
  readonly file: string;
  readonly packages: number;
  readonly versions: number;
  readonly files: number;
  /** Of the backup. */
  readonly bytes: number;
}

/**
 * Writes a backup of all but cache and logs, consistent though the registry runs: documents, keys, users and kill list
 * are read while nothing changes, and tarballs never change.
 */
export async function writeBackup(state: RegistryState, target: string): Promise<BackupSummary> {
  const { layout, store } = state;
  const file = resolve(target);
  const snapshot = await state.changes.run(async () => {
    const names = await store.names();
    const texts = [layout.keys, layout.secret, layout.users, layout.killList];
    const documents = names.map((name) => store.tarballPath(name, 'package.json'));
    const contents = await inTurns([...texts, ...documents], async (path) => ({
      path,
      content: await readFile(path),
    }));
    const read = await inTurns(names, (name) => store.read(name));
    const tarballs = read.flatMap((document) =>
      Object.keys(document?._attachments ?? {}).map((each) => store.tarballPath(document?.name ?? '', each)),
    );
    return { contents, tarballs, packages: names.length };
  });

  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  const tar = pack();
  const files: Record<string, string> = {};
  const add = (path: string, content: Buffer) => {
    const name = relative(layout.root, path).replaceAll('\\', '/');
    files[name] = createHash('sha256').update(content).digest('hex');
    return entry(name, content);
  };
  const entry = (name: string, content: Buffer) =>
    new Promise<void>((done, fail) => {
      tar.entry({ name, mode: 0o600 }, content, (error) => (error ? fail(error) : done()));
    });
  const fill = async () => {
    for (const { path, content } of snapshot.contents) await add(path, content);
    for (const path of snapshot.tarballs) await add(path, await readFile(path));
    const list = { backup: 1, created: new Date().toISOString(), files };
    await entry(listName, Buffer.from(JSON.stringify(list)));
    tar.finalize();
  };
  try {
    // It holds the signing keys: nobody else reads it.
    const writing = pipeline(tar, createGzip(), createWriteStream(temporary, { mode: 0o600, flags: 'wx' }));
    await Promise.all([writing, fill()]);
    const handle = await open(temporary, 'r+');
    await handle.sync();
    const { size: bytes } = await handle.stat();
    await handle.close();
    await rename(temporary, file);
    const { packages, tarballs } = snapshot;
    return { file, packages, versions: tarballs.length, files: Object.keys(files).length, bytes };
  } catch (error) {
    tar.destroy();
    await rm(temporary, { force: true });
    throw asDiskError(error, dirname(file));
  }
}
