import { points as standardPoints } from '@vp/contracts';
import * as z from 'zod';
import type { ConfigTable } from './values.ts';

const strings = z.array(z.string());
const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must start with a letter; then letters, digits, _ and -');

const grants = z.union([
  z.literal('all'),
  z.strictObject({
    network: strings.optional(),
    secrets: strings.optional(),
    fs: z.array(z.string().regex(/^(read|write):/, 'must start with read: or write:')).optional(),
    subprocess: strings.optional(),
    env: strings.optional(),
    native: z.boolean().optional(),
  }),
]);

/** Grants of a layer that others may have overruled; none when they are not grants. */
export const parseGrants = (value: unknown): Grants | undefined => grants.safeParse(value).data;

const isolation = z.enum(['in-process', 'process']);

const plugin = z.strictObject({
  version: z.string().min(1),
  /** Package name, when the key is an alias of it. */
  package: z.string().min(1).optional(),
  grants: grants.optional(),
  /** Starting fails when the plugin cannot be used; otherwise only what needs it does. */
  required: z.boolean().optional(),
  /** Milliseconds that the plugin may take to activate; 10,000 when left out. */
  activate_timeout_ms: z.int().positive().optional(),
  /** Where it runs; what its manifest asks for when left out, and `[policy]` may force `process`. */
  isolation: isolation.optional(),
  /** What its process may use up, when it has one. */
  limits: z
    .strictObject({
      /** MiB; 512 when left out. */
      memory_mb: z.int().positive().optional(),
      /** Milliseconds of silence after which it is ended; 5,000 when left out. */
      unresponsive_ms: z.int().positive().optional(),
    })
    .optional(),
});

/** What the deployment allows of plugins, whoever asks for them. */
const policy = z.strictObject({
  /** Versions younger than this are not installed: `"3d"`, `"12h"`. */
  minimum_release_age: z
    .string()
    .regex(/^\d+(m|h|d|w)$/, 'a number and m, h, d or w, e.g. "3d"')
    .optional(),
  /** `require`: plugins without a valid signature of their registry are neither installed nor loaded. */
  signatures: z.enum(['require', 'warn', 'ignore']),
  /** What becomes of plugins that no vp.lock vouches for: linked ones, those of node_modules. */
  unverified: z.enum(['allow', 'warn', 'deny']),
  /** Package name patterns, with `@range`: only these may be used. All when left out. */
  allow: strings.optional(),
  /** Package name patterns, with `@range`: these may not. Wins over `allow`. */
  deny: strings.optional(),
  /** SPDX ids: plugins and their dependencies must have one of these. All when left out. */
  licenses: strings.optional(),
  /** Isolation forced upon plugins, by package name pattern: `{ "@acme/*" = "process" }`. */
  isolation: z.record(z.string(), isolation).optional(),
  /** Scopes that each registry may serve, by base URL: `{ "https://npm.acme.dev/" = ["@acme"] }`. A scope listed here comes from nowhere else. */
  registries: z.record(z.string(), strings).optional(),
  /** Ids of the keys (`SHA256:…`) whose bundles are installed; the key of the first one when left out. */
  bundle_keys: strings.optional(),
  /** How old the kill list may be before it is asked for again: `"1h"`. */
  kill_list_max_age: z.string().regex(/^\d+(m|h|d|w)$/, 'a number and m, h, d or w, e.g. "1h"'),
});

const alertRoute = z.strictObject({
  severity: z.array(z.enum(['info', 'warn', 'error', 'critical'])).optional(),
  assets: strings.optional(),
  tags: strings.optional(),
  /** Contribution ids of alerters. */
  to: strings.min(1),
  /** Look at the routes after this one too. */
  continue: z.boolean().optional(),
});

const anyTable = z.record(z.string(), z.unknown());

/** Schemas are costly to make, and a process has one set of points. */
function oncePerPoints<T>(make: (points: readonly string[]) => T): (points?: readonly string[]) => T {
  const made = new Map<string, T>();
  return (points = pointIds()) => {
    const key = points.join(' ');
    const known = made.get(key) ?? make(points);
    made.set(key, known);
    return known;
  };
}

function overridable(points: readonly string[]) {
  return {
    plugins: z.record(z.string(), plugin),
    bindings: z.strictObject(Object.fromEntries(points.map((point) => [point, z.string().optional()]))),
    connections: z.record(name, z.looseObject({ use: z.string() })),
    alerts: z.array(alertRoute),
    checks: z.strictObject({ sample_size: z.int().min(0).max(1000) }),
    policy,
    ...Object.fromEntries(points.map((point) => [point, z.record(z.string(), anyTable).optional()])),
  };
}

const project = z.strictObject({
  name,
  description: z.string().optional(),
  /** Files and folders with pipeline modules. */
  pipeline: strings.min(1),
});

/** vp.toml as a whole, after its layers are merged. */
export const projectSchema = oncePerPoints((points) => {
  return z.strictObject({ project, ...overridable(points) });
});

/** One `[env.<name>]`: the same keys, none obligatory. */
export const environmentSchema = oncePerPoints((points) => {
  const parts = overridable(points);
  return z
    .strictObject({
      ...parts,
      project: project.partial(),
      plugins: z.record(z.string(), plugin.partial()),
      connections: z.record(name, z.looseObject({ use: z.string().optional() })),
      checks: parts.checks.partial(),
      policy: policy.partial(),
    })
    .partial();
});

/** vp.toml as it is written: for editors, and for the names that `explain` knows. */
export const projectJsonSchema = oncePerPoints((points): Record<string, unknown> => {
  const written = z.strictObject({
    ...projectSchema(points).partial().shape,
    project: project.partial({ pipeline: true }),
    plugins: z.record(z.string(), z.union([z.string(), plugin])).optional(),
    checks: overridable(points).checks.partial().optional(),
    policy: policy.partial().optional(),
    env: z.record(z.string(), environmentSchema(points)).optional(),
  });
  return z.toJSONSchema(written, { io: 'input' });
});

export const environmentJsonSchema = oncePerPoints(
  (points): Record<string, unknown> => z.toJSONSchema(environmentSchema(points), { io: 'input' }),
);

export function pointIds(): string[] {
  return Object.values(standardPoints).map((point) => point.id);
}

export const builtInDefaults: ConfigTable = {
  project: { pipeline: ['pipeline.ts', 'assets'] },
  plugins: {},
  bindings: {},
  connections: {},
  alerts: [],
  checks: { sample_size: 5 },
  policy: { signatures: 'require', unverified: 'allow', kill_list_max_age: '1h' },
};

export type Grants = z.infer<typeof grants>;
export type PluginConfig = z.infer<typeof plugin>;
/** `[policy]` of vp.toml. */
export type Policy = z.infer<typeof policy>;
export type AlertRoute = z.infer<typeof alertRoute>;
export type ConnectionConfig = { readonly use: string; readonly [key: string]: unknown };

/** vp.toml with its layers applied. Sections of contributions are read with `contributionConfig`. */
export interface ProjectConfig {
  readonly project: z.infer<typeof project>;
  readonly plugins: Readonly<Record<string, PluginConfig>>;
  /** Contribution id by point. */
  readonly bindings: Readonly<Record<string, string | undefined>>;
  readonly connections: Readonly<Record<string, ConnectionConfig>>;
  readonly alerts: readonly AlertRoute[];
  readonly checks: { readonly sample_size: number };
  readonly policy: Policy;
}
