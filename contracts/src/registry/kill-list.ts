import * as z from 'zod';
import { signatureSchema } from './keys.ts';

/** Where the last seen kill lists are kept, by registry, relative to the project. */
export const killListFile = '.vp/plugins/kill-lists.json';

const entry = z.strictObject({
  package: z.string(),
  /** The version that was yanked. */
  version: z.string(),
  reason: z.string(),
  /** ISO 8601. */
  at: z.string(),
});

/**
 * Versions that a registry withdrew (`GET /-/vp/v1/kill-list`). Signed as a whole, and numbered: a client
 * never goes back to a list with a lower `serial`, so an old list cannot be replayed.
 */
export const killListSchema = z.strictObject({
  serial: z.int(),
  entries: z.array(entry),
  /** Of `documentMessage`. */
  signature: signatureSchema,
});

/**
 * {@link killListFile}: what each registry of the lock withdrew when it was last asked. The kernel
 * reads it at each start and never asks anybody itself.
 */
export const killListsSchema = z.strictObject({
  format: z.literal(1),
  /** Set by an install from a bundle: this deployment has no route to a registry, and nobody is asked. */
  offline: z.boolean().optional(),
  /** By base URL. */
  registries: z.record(
    z.string(),
    z.strictObject({
      /** When it was last asked and answered, ISO 8601. */
      checked: z.string(),
      /** None from a registry that keeps no such list. */
      list: killListSchema.optional(),
    }),
  ),
});

export type KillLists = z.infer<typeof killListsSchema>;
export type KillListEntry = z.infer<typeof entry>;
export type KillList = z.infer<typeof killListSchema>;
