import * as z from 'zod';
import type { Json } from '../core/json.ts';
import { permissionsSchema } from '../manifest/manifest.ts';
import { jsonHash } from './hashes.ts';
import { registryKeySchema, signatureSchema } from './keys.ts';

/** Name of the lock file, beside `vp.toml`. */
export const lockFile = 'vp.lock';

/** Where the installed set is, relative to the project: a link to the present generation. */
export const installedFolder = '.vp/plugins/current';

/** Name of the file in a generation that lists its packages and files, see {@link InstalledIndex}. */
export const indexFile = 'vp-index.json';

const grants = z.union([z.literal('all'), permissionsSchema]);

/** One plugin of the deployment, by its key in `[plugins]`. */
const lockedPlugin = z.strictObject({
  /** Package name; the key itself unless that is an alias. */
  package: z.string(),
  version: z.string(),
  /** Base URL of the registry that it came from. */
  registry: z.string(),
  /** Subresource integrity of the tarball: `sha512-<base64>`. */
  integrity: z.string(),
  /** Tree hash of the package's own files, see `treeHash`. */
  tree: z.string(),
  /** `jsonHash` of the package's `vp` field: what it contributes and asks for. */
  manifest: z.string(),
  /** The contracts it fills, sorted: `sink@1`, `source@1`. */
  contracts: z.array(z.string()),
  /** What the deployment grants to it, as in vp.toml. */
  grants: grants.optional(),
  /** The registry's signature, of `signedMessage`; none from a registry that signs nothing. */
  signature: signatureSchema.optional(),
  /** When it was published, ISO 8601, where the registry says so. */
  published: z.string().optional(),
});

/** One package of the installed tree, by its place (`node_modules/pg`): an entry of npm's lock format 3. */
const lockedPackage = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  /** Tree hash, once it was installed somewhere; packages of other platforms may be without. */
  tree: z.string().optional(),
});

/**
 * `vp.lock`: exactly what is installed. Sorted, one property a line, and without a digest of itself, so
 * that two branches that add different plugins merge.
 */
export const lockSchema = z.strictObject({
  lockVersion: z.literal(1),
  /** By base URL: the keys that this deployment trusts, as they were first seen or rotated to. */
  registries: z.record(z.string(), z.strictObject({ keys: z.array(registryKeySchema) })),
  plugins: z.record(z.string(), lockedPlugin),
  packages: z.record(z.string(), lockedPackage),
});

export type Lock = z.infer<typeof lockSchema>;
export type LockedPlugin = z.infer<typeof lockedPlugin>;
export type LockedPackage = z.infer<typeof lockedPackage>;

/** The digest of a lock: one hash for a deployment's plugins, stamped on each run. */
export const lockDigest = (lock: Lock): string => jsonHash(lock as Json);

/** The text of `vp.lock`: keys sorted at every depth, two spaces, one property a line. */
export function formatLock(lock: Lock): string {
  return `${JSON.stringify(sorted(lock as Json), undefined, 2)}\n`;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((each) => sorted(each));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/**
 * `vp-index.json` of a generation: what was installed on this machine, file by file. The
 * installer writes it after it has checked every tarball; the kernel reads it at each start.
 */
export const installedIndexSchema = z.strictObject({
  indexVersion: z.literal(1),
  /** `lockDigest` of the lock that it was made from. */
  lock: z.string(),
  /** By the package's place: `node_modules/@vp/postgres`. */
  packages: z.record(
    z.string(),
    z.strictObject({
      tree: z.string(),
      /** Places of the packages that it may load, its whole closure. Empty for most leaves. */
      closure: z.array(z.string()),
      /** Folders of the package, `''` for itself: one that changed has more or fewer files. */
      folders: z.record(z.string(), z.strictObject({ mtime: z.number(), ctime: z.number().optional() })),
      /** By path: SHA-256 in hex, and size, mtime and ctime (milliseconds) as they were then. */
      files: z.record(
        z.string(),
        z.strictObject({ sha256: z.string(), size: z.int(), mtime: z.number(), ctime: z.number() }),
      ),
    }),
  ),
});

export type InstalledIndex = z.infer<typeof installedIndexSchema>;
