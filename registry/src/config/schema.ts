import * as z from 'zod';

const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'a duration: a whole number and ms, s, m, h or d, e.g. "90d"');
const scope = z.string().regex(/^@[a-z0-9][a-z0-9._-]*$/, 'a scope, e.g. "@acme"');
const bytes = z.int().positive();

const upstream = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'an http or https URL' }),
  /** Environment variable with the upstream's token. */
  token_env: z.string().optional(),
  timeout: duration.default('30s'),
  /** For how long an answer of the upstream counts as fresh. */
  max_age: duration.default('2m'),
});

/** `registry.toml`. Everything has a default: no file is a registry on loopback that proxies nothing. */
export const registryConfigSchema = z.strictObject({
  /** Data folder, relative to the file. */
  data: z.string().min(1).default('./vp-registry'),
  host: z.string().min(1).default('127.0.0.1'),
  /** 0: any that is free. */
  port: z.int().min(0).max(65_535).default(4873),
  /** What clients see when a reverse proxy stands before it: without a path, links begin at its root. */
  public_url: z
    .url({ protocol: /^https?$/, error: 'an http or https URL' })
    .refine((url) => new URL(url).pathname === '/', 'a URL without a path')
    .optional(),
  /** Who may read: everybody, or only who has a token. `open` on loopback, else `authenticated`. */
  access: z.enum(['open', 'authenticated']).optional(),
  /** Ours and the company's: never asked of the upstream. */
  private_scopes: z.array(scope).default(['@vp']),
  /** Single names that are ours, e.g. `vibepiper`. */
  private_packages: z.array(z.string().min(1)).default([]),
  /** Where all other names come from; without it nothing is proxied. */
  upstream: z
    .union([upstream, z.url({ protocol: /^https?$/ }).transform((url) => upstream.parse({ url }))], {
      error: 'a URL, or a table [upstream] with url, token_env, timeout and max_age',
    })
    .optional(),
  /** Names of packages that may have install scripts. */
  allow_install_scripts: z.array(z.string()).default([]),
  /** Of a tarball. */
  max_package_bytes: bytes.default(32 * 1024 * 1024),
  gate: z
    .strictObject({
      /** Of all files of a tarball together, against decompression bombs. */
      max_unpacked_bytes: bytes.default(256 * 1024 * 1024),
      max_files: z.int().positive().default(20_000),
      /** Licences that may be published; any when empty. */
      licences: z.array(z.string()).default([]),
      /** `refuse`: a minor or patch version may take nothing away. `allow`: not compared. */
      breaking_changes: z.enum(['refuse', 'allow']).default('refuse'),
      /** `require`: only plugins that earn a badge are published. */
      conformance: z.enum(['optional', 'require']).default('optional'),
    })
    .prefault({}),
  tokens: z
    .strictObject({
      /** Of a token that `vp registry user token` makes; `--expires` says another. */
      lifetime: duration.default('365d'),
      /** Of one that `npm login` gets. */
      login_lifetime: duration.default('30d'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** In which a request must have arrived in full. */
      request_timeout: duration.default('60s'),
      max_connections: z.int().positive().default(1000),
      /** Wrong passwords a minute, user and address, before they have to wait. */
      failed_logins: z.int().positive().default(10),
    })
    .prefault({}),
});

export type RegistryConfig = z.infer<typeof registryConfigSchema>;
/** As it is written, before defaults. */
export type RegistrySettings = z.input<typeof registryConfigSchema>;

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90d`. */
export function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = Object.entries(units).find(([name]) => name === unit)?.[1];
  if (amount === undefined || factor === undefined) throw new TypeError(`not a duration: ${text}`);
  return Number(amount) * factor;
}
