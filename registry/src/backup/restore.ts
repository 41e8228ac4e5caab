import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { describeThrown, isVpError } from '@vp/contracts';
import { extract } from 'tar-stream';
import * as z from 'zod';
import { errors } from '../errors.ts';
import { openKeyring } from '../keys/keyring.ts';
import { errorCode, writeDurable } from '../store/durable.ts';
import { layoutOf } from '../store/layout.ts';
import { createPackageStore } from '../store/packages.ts';
import { verifyStore } from '../store/verify.ts';
import { listName } from './backup.ts';

const listSchema = z.object({
  backup: z.literal(1),
  created: z.string(),
  files: z.record(z.string(), z.string()),
});

export interface RestoreSummary {
  readonly data: string;
  /** When the backup was made. */
  readonly created: string;
  readonly files: number;
}

/** Unpacks a backup into a folder that is empty or not there, once everything in it was found whole. */
export async function restoreBackup(request: {
  readonly file: string;
  readonly dataDir: string;
  readonly dryRun?: boolean;
}): Promise<RestoreSummary> {
  const { file, dryRun = false } = request;
  const data = resolve(request.dataDir);
  const fail = (problem: string) => errors.VP_REGISTRY_BACKUP({ file, problem });
  if ((await entriesOf(data)).length > 0) throw fail(`${data} is not empty`);
  await mkdir(dirname(data), { recursive: true });
  const staging = join(dirname(data), `.restore-${randomBytes(6).toString('hex')}`);
  await mkdir(staging, { mode: 0o700 });
  try {
    const list = await unpack({ file, staging, fail });
    const layout = layoutOf(staging);
    const [damage] = await verifyStore({
      store: createPackageStore(layout.packages),
      keyring: await openKeyring(layout.keys),
    });
    if (damage !== undefined) throw fail(`${damage.what}: ${damage.problem}`);
    if (!dryRun) {
      // An empty folder may be there: a rename replaces it.
      await rename(staging, data);
    }
    return { data, created: list.created, files: Object.keys(list.files).length };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function unpack(request: {
  readonly file: string;
  readonly staging: string;
  readonly fail: (problem: string) => Error;
}): Promise<z.infer<typeof listSchema>> {
  const { file, staging, fail } = request;
  const found: Record<string, string> = {};
  let list: z.infer<typeof listSchema> | undefined;
  const tar = extract();
  const reading = pipeline(createReadStream(file), createGunzip(), tar);
  // Its error comes out of the loop below too; this one is only its echo.
  reading.catch(() => undefined);
  try {
    for await (const entry of tar) {
      const { name, type } = entry.header;
      if (type !== 'file' || !isInside(name))
        throw fail(`${JSON.stringify(name)} does not belong into a backup`);
      const chunks: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
      const content = Buffer.concat(chunks);
      if (name === listName) {
        list = listSchema.parse(JSON.parse(content.toString('utf8')));
        continue;
      }
      found[name] = createHash('sha256').update(content).digest('hex');
      const mode = name.startsWith('private/') ? 0o600 : 0o644;
      await writeDurable(join(staging, name), content, { mode });
    }
    await reading;
  } catch (error) {
    if (isVpError(error)) throw error;
    throw errors.VP_REGISTRY_BACKUP(
      { file, problem: `it cannot be read: ${describeThrown(error)}` },
      { cause: error },
    );
  }
  if (list === undefined) throw fail('it is not complete, or no backup of a registry');
  const names = new Set([...Object.keys(list.files), ...Object.keys(found)]);
  for (const name of names) {
    if (found[name] === undefined) throw fail(`${name} is missing in it`);
    if (found[name] !== list.files[name]) throw fail(`${name} is not as it was backed up`);
  }
  return list;
}

const isInside = (name: string) =>
  (name === listName || /^(packages|private)\/|^kill-list\.json$/.test(name)) &&
  !name.split('/').some((each) => each === '..' || each === '.' || each === '') &&
  !name.includes('\\');

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
