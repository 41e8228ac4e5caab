import * as z from 'zod';
import { manifestSchema, permissionsSchema } from '../manifest/manifest.ts';
import { badgeSchema } from './report.ts';

const yanked = z.strictObject({ reason: z.string(), at: z.string() });

/**
 * What the registry found of a version when it was published: `vpRegistry` of each version in the
 * package document, beside npm's own fields.
 */
export const versionFactsSchema = z.strictObject({
  /** Tree hash of the tarball's files. */
  tree: z.string(),
  /** `jsonHash` of the `vp` field. */
  manifest: z.string(),
  badge: badgeSchema.optional(),
  yanked: yanked.optional(),
});

const contributionSummary = z.strictObject({
  point: z.string(),
  id: z.string(),
  description: z.string().optional(),
  capabilities: z.array(z.string()),
});

/** A plugin in search results: its latest version that is not yanked. */
export const pluginSummarySchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  displayName: z.string().optional(),
  license: z.string().optional(),
  /** ISO 8601. */
  published: z.string(),
  contributions: z.array(contributionSummary),
  permissions: permissionsSchema,
  isolation: z.enum(['in-process', 'process']),
  badge: badgeSchema.optional(),
  /** Unpacked, in bytes. */
  size: z.int(),
});

/** `GET /-/vp/v1/search?q=&kind=&capability=&badge=true&limit=20&offset=0`, best first. */
export const searchAnswerSchema = z.strictObject({
  total: z.int(),
  plugins: z.array(pluginSummarySchema),
});

/** `GET /-/vp/v1/plugins/<name>` */
export const pluginDetailSchema = z.strictObject({
  ...pluginSummarySchema.shape,
  /** Markdown. */
  readme: z.string(),
  manifest: manifestSchema,
  /** Newest first. */
  versions: z.array(
    z.strictObject({
      version: z.string(),
      published: z.string(),
      size: z.int(),
      badge: badgeSchema.optional(),
      yanked: yanked.optional(),
      signed: z.boolean(),
    }),
  ),
});

export type VersionFacts = z.infer<typeof versionFactsSchema>;
export type PluginSummary = z.infer<typeof pluginSummarySchema>;
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
export type PluginDetail = z.infer<typeof pluginDetailSchema>;
