import { killListSchema, registryKeySchema } from '@vp/contracts/registry';
import * as z from 'zod';

/** Names of the members of a bundle. Of packages and texts, the list of contents says which is which. */
export const members = {
  lock: 'vp.lock',
  /** Documents of the plugins, as their registries serve them, with the bundled versions alone. */
  documents: 'documents.json',
  /** Keys and lists of withdrawn versions, by registry. */
  registries: 'registries.json',
  contents: 'vp-bundle.json',
  signature: 'vp-bundle.sig',
} as const;

const platformSchema = z.strictObject({ os: z.string(), cpu: z.string(), libc: z.string().optional() });

/** `vp-bundle.json`: all that is in a bundle, by hash. It is signed, and so vouches for the rest. */
export const contentsSchema = z.strictObject({
  bundleVersion: z.literal(1),
  platforms: z.array(platformSchema).min(1),
  /** Digest of its vp.lock. */
  lock: z.string(),
  /** Which registry each package is of, as the .npmrc had it where the bundle was made. */
  registries: z.strictObject({ default: z.string(), scopes: z.record(z.string(), z.string()) }),
  /** By key of `[plugins]`. */
  plugins: z.record(
    z.string(),
    z.strictObject({ package: z.string(), version: z.string(), range: z.string() }),
  ),
  /** Members by the integrity of the tarball that they are. */
  packages: z.record(z.string(), z.string()),
  /** Members by the plugin (`@acme/weather@1.2.0`) whose README they are. */
  readmes: z.record(z.string(), z.string()),
  /** Every member but this one and its signature. */
  files: z.record(z.string(), z.strictObject({ size: z.int().nonnegative(), sha256: z.string() })),
});

export type BundleContents = z.infer<typeof contentsSchema>;

/** `vp-bundle.sig`: who signed the list of contents. */
export const bundleSignatureSchema = z.strictObject({
  /** `SHA256:` and the base64 SHA-256 of the key's DER bytes. */
  keyid: z.string(),
  keytype: z.literal('ed25519'),
  /** SubjectPublicKeyInfo, DER, base64. */
  key: z.string(),
  /** Of the bytes of `vp-bundle.json`, base64. */
  sig: z.string(),
});

export type BundleSignature = z.infer<typeof bundleSignatureSchema>;

export const bundleRegistriesSchema = z.record(
  z.string(),
  z.strictObject({
    keys: z.array(registryKeySchema),
    killList: killListSchema.optional(),
  }),
);

export type BundleRegistries = z.infer<typeof bundleRegistriesSchema>;
