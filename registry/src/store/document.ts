import { signatureSchema, versionFactsSchema } from '@vp/contracts/registry';
import * as z from 'zod';

const dist = z.looseObject({
  tarball: z.string(),
  integrity: z.string(),
  shasum: z.string(),
  fileCount: z.int(),
  /** Bytes. */
  unpackedSize: z.int(),
  signatures: z.array(signatureSchema),
});

const versionDocument = z.looseObject({
  name: z.string(),
  version: z.string(),
  // Clients put all sorts of things there, which must not make a document unreadable.
  description: z.string().optional().catch(undefined),
  license: z.string().optional().catch(undefined),
  keywords: z.array(z.string()).optional().catch(undefined),
  deprecated: z.string().optional().catch(undefined),
  engines: z.record(z.string(), z.string()).optional().catch(undefined),
  dependencies: z.record(z.string(), z.string()).optional().catch(undefined),
  peerDependencies: z.record(z.string(), z.string()).optional().catch(undefined),
  vp: z.unknown().optional(),
  vpRegistry: versionFactsSchema,
  dist,
});

/** `package.json` of a published package in the storage: npm's package document, with Verdaccio's own fields. */
export const packageDocumentSchema = z.looseObject({
  name: z.string(),
  versions: z.record(z.string(), versionDocument),
  'dist-tags': z.record(z.string(), z.string()),
  /** ISO 8601, by version, and `created` and `modified`. */
  time: z.record(z.string(), z.string()),
  readme: z.string(),
  /** What Verdaccio knows of the tarballs, by file name. */
  _attachments: z.record(z.string(), z.object({ shasum: z.string(), version: z.string() })),
});

export type PackageDocument = z.infer<typeof packageDocumentSchema>;
export type VersionDocument = z.infer<typeof versionDocument>;

/** `weather-1.0.0.tgz` of `@acme/weather`. */
export const tarballFile = (name: string, version: string) =>
  `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
