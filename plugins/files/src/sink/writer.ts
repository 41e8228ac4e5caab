import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallContext, CommitMeta, SinkWriter, TableSchema, TransferStats } from '@vp/plugin-sdk';
import type { Native } from '../native/reader.ts';
import { type Destination, isAbandoned, stagingName } from './destination.ts';
import { toWriteError } from './fs-error.ts';
import { type CommittedFile, provenCommits, readManifest, type SinkManifest } from './manifest.ts';
import { emptyPart, mergeParts, type StagedPart, type StageInit, stagePayload } from './stage.ts';

/** What {@link openWriter} works with. */
export interface WriterInit {
  readonly native: Native;
  readonly destination: Destination;
  readonly schema: TableSchema;
  readonly mode: 'replace' | 'append';
  /** The instance of the sink. */
  readonly owner: string;
}

/** Commits of a folder that are remembered, to know a token again. */
const rememberedCommits = 1000;

/** A write into a file or folder: staged beside it, made visible by one rename. */
export async function openWriter(init: WriterInit): Promise<SinkWriter> {
  const { destination, native, schema } = init;
  const { output, name } = destination;
  const staging = join(destination.folder, stagingName(destination, init.owner));
  const guard = async <T>(context: CallContext, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      context.signal.throwIfAborted();
      throw toWriteError(error, name);
    }
  };
  let parts: Promise<StagedPart>[] = [];
  let count = 0;
  const stageInit = (context: CallContext): StageInit => ({
    native,
    output,
    schema,
    staging,
    part: `part-${count++}`,
    context,
  });

  return {
    async write(payload, context) {
      return await guard(context, async () => {
        await mkdir(staging, { recursive: true });
        // In the order of the calls, whichever is done first.
        const part = stagePayload(payload, stageInit(context));
        parts.push(part);
        const { path, rows } = await part;
        return { rows, bytes: (await stat(path)).size };
      });
    },
    async commit(meta, context) {
      return await guard(context, async () => {
        const known = await findCommit(destination, meta.token);
        if (known !== undefined) {
          parts = [];
          return { location: name, stats: { rows: known.rows, bytes: known.bytes } };
        }
        await mkdir(staging, { recursive: true });
        const staged = await Promise.all(parts);
        const [only] = staged;
        const whole =
          only === undefined
            ? await emptyPart(stageInit(context))
            : staged.length === 1
              ? only
              : await mergeParts(staged, stageInit(context));
        context.signal.throwIfAborted();
        const stats = await publish(init, staging, whole, meta);
        parts = [];
        return { location: name, stats };
      });
    },
    close: () => rm(staging, { recursive: true, force: true }),
  };
}

/** The proven commit with this token. */
async function findCommit(destination: Destination, token: string): Promise<CommittedFile | undefined> {
  const manifest = await readManifest(destination.manifest);
  return (await provenCommits(manifest, destination.folder)).findLast((c) => c.meta.token === token);
}

async function publish(
  { destination, mode, schema }: WriterInit,
  staging: string,
  part: StagedPart,
  meta: CommitMeta,
): Promise<TransferStats> {
  const { folder, output } = destination;
  const file =
    destination.file ??
    `part-${createHash('sha256').update(meta.token).digest('hex').slice(0, 16)}.${output.extension}`;
  await sync(part.path);
  const facts = await stat(part.path, { bigint: true });
  const next: CommittedFile = {
    file,
    bytes: Number(facts.size),
    modified: String(facts.mtimeNs),
    rows: part.rows,
    schema,
    meta,
  };
  const before = await readManifest(destination.manifest);
  const proven = await provenCommits(before, folder);
  // Of one file the commit before is kept too: it counts until the rename.
  const kept =
    destination.file !== undefined || mode === 'replace'
      ? proven.slice(-1)
      : proven.slice(-rememberedCommits);
  const isFolderReplace = destination.file === undefined && mode === 'replace';
  const obsolete = isFolderReplace ? await otherParts(folder, file, output.extension) : [];
  await writeManifest(destination, staging, { version: 1, commits: [...kept, next], obsolete });

  await rename(part.path, join(folder, file));
  await syncFolder(folder);
  for (const name of obsolete) await rm(join(folder, name), { force: true });
  return { rows: part.rows, bytes: next.bytes };
}

async function otherParts(folder: string, file: string, extension: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((n) => n.startsWith('part-') && n.endsWith(`.${extension}`) && n !== file);
}

async function writeManifest(
  destination: Destination,
  staging: string,
  manifest: SinkManifest,
): Promise<void> {
  const path = join(staging, 'manifest.json');
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  await rename(path, destination.manifest);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there a rename is durable by itself.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what dead processes left, and files that a finished commit replaced. Says what it removed. */
export async function recoverDestination(
  destination: Destination,
  owner?: string,
): Promise<readonly string[]> {
  const { folder, manifest: path } = destination;
  const names = await readdir(folder).catch(() => []);
  const manifest = await readManifest(path);
  const last = manifest.commits.at(-1);
  const proven = await provenCommits(manifest, folder);
  const isDone = last !== undefined && proven.includes(last);
  const doomed = names.filter(
    (n) => isAbandoned(destination, n, owner) || (isDone && manifest.obsolete.includes(n)),
  );
  for (const name of doomed) await rm(join(folder, name), { recursive: true, force: true });
  return doomed.map((name) => join(folder, name));
}
