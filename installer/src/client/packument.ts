import { versionFactsSchema } from '@vp/contracts/registry';
import * as z from 'zod';

/** What cannot be read of what matters little counts as not there. */
const little = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const texts = little(z.record(z.string(), z.string()));

const packumentVersionSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: little(z.string()),
  license: z.unknown().optional(),
  licenses: z.unknown().optional(),
  engines: texts,
  dependencies: texts,
  optionalDependencies: texts,
  peerDependencies: texts,
  /** As the author wrote it: read it with `manifestSchema`. */
  vp: z.unknown().optional(),
  /** What a registry of VibePiper found. From any other registry it is the author's own word. */
  vpRegistry: little(versionFactsSchema),
  deprecated: z.unknown().optional(),
  dist: z.looseObject({
    tarball: z.string(),
    integrity: z.string().optional(),
    signatures: little(z.array(z.object({ keyid: z.string(), sig: z.string() }))),
    unpackedSize: little(z.int().nonnegative()),
  }),
});

/** The document of a package: all that a registry says of all its versions. */
export const packumentSchema = z.looseObject({
  name: z.string(),
  'dist-tags': z.record(z.string(), z.string()),
  versions: z.record(z.string(), packumentVersionSchema),
  /** When each version was published, ISO 8601. */
  time: little(z.record(z.string(), z.unknown())),
  readme: little(z.string()),
});

export type Packument = z.infer<typeof packumentSchema>;
export type PackumentVersion = z.infer<typeof packumentVersionSchema>;

/** When a version was published, where the registry says so. */
export function publishedAt(packument: Packument, version: string): string | undefined {
  const time = packument.time?.[version];
  return typeof time === 'string' ? time : undefined;
}
