import * as z from 'zod';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9]*([-.:][a-z0-9]+)*$/, 'lower case letters and digits, parts joined by - . or :');
const contract = z.string().regex(/^[a-z][a-z0-9-]*@[1-9]\d*$/, 'a point and its major, e.g. source@1');
const serviceKey = z
  .string()
  .regex(/^[a-z][a-z0-9.-]*@[1-9]\d*$/, 'a service and its major, e.g. vp.logger@1');

/** A JSON Schema: inline, or the path of a JSON file of the package (`./dist/source.schema.json`). */
const schemaOrPath = z.union([z.string().startsWith('./'), z.record(z.string(), z.unknown())]);

const contributionShape = {
  /** Unique among the deployment's contributions of the point. */
  id,
  /** The version of the extension point that it fills. */
  contract,
  description: z.string().optional(),
  /** Schema of the deployment's configuration of it (`[connections.*]`, `[engine.duckdb]`, …). */
  config: schemaOrPath.optional(),
  /**
   * What it can do beyond the least, e.g. `incremental`, `cdc`, `identity`; `partitions`: a source
   * that reads only the rows of `ReadRequest.partition`.
   */
  capabilities: z.array(z.string()).optional(),
};

const contribution = z.strictObject(contributionShape);

const movesData = {
  /** Schema of the options of one use: `source('files', options)`. */
  options: schemaOrPath.optional(),
  /** Formats it offers or accepts, cheapest first. `rows` is obligatory. */
  formats: z.array(z.string()).min(1),
  /** URLs that `vp copy` hands to it, by scheme: `postgres`, `postgresql`. Its id when left out. */
  schemes: z.array(z.string().regex(/^[a-z][a-z0-9+.-]*$/)).optional(),
  /** Files that `vp copy` hands to it, by the end of their name: `.csv`, `.csv.gz`. */
  extensions: z.array(z.string().startsWith('.')).optional(),
};

const rule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]*$/),
  description: z.string(),
  columns: z.enum(['one', 'many', 'none']),
  options: z.record(z.string(), z.unknown()),
});

const commandValue = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  type: z.enum(['string', 'integer', 'boolean']),
  description: z.string(),
  required: z.boolean().optional(),
  multiple: z.boolean().optional(),
  char: z.string().length(1).optional(),
  options: z.array(z.string()).optional(),
});

const command = z.strictObject({
  ...contributionShape,
  /** One line for `vp --help`. */
  summary: z.string(),
  args: z.array(commandValue).optional(),
  flags: z.array(commandValue).optional(),
  examples: z.array(z.string()).optional(),
});

/**
 * A template of a new plugin for `vp plugins new`. It is data, not code: the folder is copied, with
 * `{{name}}` (package name), `{{id}}` (contribution id), `{{class}}` (the id in PascalCase), `{{snake}}`
 * (in snake_case) and `{{code}}` (in capitals) replaced in names and texts, and a leading `_` of `_gitignore`, `_npmrc` written as a dot. Nothing is registered.
 */
const template = z.strictObject({
  id,
  contract: z.literal('template@1'),
  description: z.string(),
  /** What it makes: `source`, `sink`, …, `command`. */
  kind: z.string(),
  directory: z.string().startsWith('./'),
});

const contributes = z.strictObject({
  sources: z.array(z.strictObject({ ...contributionShape, ...movesData })).optional(),
  sinks: z.array(z.strictObject({ ...contributionShape, ...movesData })).optional(),
  transforms: z.array(z.strictObject({ ...contributionShape, ...movesData })).optional(),
  validators: z.array(z.strictObject({ ...contributionShape, rules: z.array(rule).min(1) })).optional(),
  alerters: z.array(contribution).optional(),
  /** `schemes`: which `secret://<scheme>/…` it answers. */
  auth: z.array(z.strictObject({ ...contributionShape, schemes: z.array(id).optional() })).optional(),
  executors: z.array(contribution).optional(),
  engines: z
    .array(
      z.strictObject({
        ...contributionShape,
        accepts: z.array(z.string()).min(1),
        offers: z.array(z.string()).min(1),
      }),
    )
    .optional(),
  stores: z.array(contribution).optional(),
  commands: z.array(command).optional(),
  /** Contributions to points that other plugins define. */
  extensions: z.array(contribution).optional(),
});

/** What a plugin asks to be allowed, and what a deployment grants. */
export const permissionsSchema = z.strictObject({
  /** `host:port` patterns; `${config.host}` stands for a configured value. */
  network: z.array(z.string()).optional(),
  /** Configuration keys that may hold secrets (`config.password`), or references (`secret://env/X`). */
  secrets: z.array(z.string()).optional(),
  /** `read:<glob>` and `write:<glob>`, relative to the project; `${state}` is its `.vp` folder. */
  fs: z.array(z.string().regex(/^(read|write):/)).optional(),
  subprocess: z.array(z.string()).optional(),
  /** Environment variables. */
  env: z.array(z.string()).optional(),
  /** Loads native addons. */
  native: z.boolean().optional(),
});

/** The `vp` field of a plugin's package.json. Static: read without running any of its code. */
export const manifestSchema = z.strictObject({
  manifestVersion: z.literal(1),
  /** The ES module whose default export is the plugin. */
  entry: z.string().startsWith('./'),
  displayName: z.string().optional(),
  contributes: contributes.optional(),
  /** Extension points that the plugin defines for others. */
  points: z
    .array(z.strictObject({ id, major: z.number().int().positive(), description: z.string() }))
    .optional(),
  requires: z
    .strictObject({
      services: z.array(serviceKey).optional(),
      optionalServices: z.array(serviceKey).optional(),
      /** Plugins that must be there, with semver ranges. */
      plugins: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  /** Templates of new plugins, for `vp plugins new`. */
  templates: z.array(template).optional(),
  /** Services that the plugin provides. */
  provides: z.array(serviceKey).optional(),
  /** Hooks that the plugin taps. */
  hooks: z.array(serviceKey).optional(),
  permissions: permissionsSchema.optional(),
  /** `startup`: activated when the kernel starts, for plugins that only tap hooks. */
  activation: z.enum(['lazy', 'startup']).optional(),
  /** What the plugin asks for; the deployment decides. */
  isolation: z.enum(['in-process', 'process']).optional(),
  /** Path of the report of the conformance kit. */
  conformance: z.string().startsWith('./').optional(),
});

/** The fields of package.json that VibePiper reads. Others pass. */
export const pluginPackageSchema = z.object({
  name: z.string().min(1),
  version: z.string(),
  description: z.string().optional(),
  license: z.string().optional(),
  type: z.string().optional(),
  engines: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  vp: manifestSchema,
});

/** The manifest as JSON Schema, for editors and for plugins in other languages. */
export function manifestJsonSchema(): Record<string, unknown> {
  return {
    $id: 'https://vibepiper.dev/schemas/manifest-v1.json',
    title: 'VibePiper plugin manifest: the `vp` field of package.json',
    ...z.toJSONSchema(manifestSchema),
  };
}

/** The `vp` field of a plugin's package.json. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A plugin's package.json, as far as VibePiper reads it. */
export type PluginPackage = z.infer<typeof pluginPackageSchema>;

/** What a plugin asks to be allowed. */
export type Permissions = z.infer<typeof permissionsSchema>;

/** Contribution lists of a manifest, by their key. */
export type Contributes = z.infer<typeof contributes>;

/** One rule of a validator, as the manifest describes it. */
export type ManifestRule = z.infer<typeof rule>;

/** One template of a new plugin. */
export type ManifestTemplate = z.infer<typeof template>;

/** One command, as the manifest describes it. */
export type ManifestCommand = z.infer<typeof command>;

/** One argument or flag of a command. */
export type ManifestCommandValue = z.infer<typeof commandValue>;

/** The extension point that each key of `contributes` fills. `extensions` name theirs themselves. */
export const contributionKeys = {
  sources: 'source',
  sinks: 'sink',
  transforms: 'transform',
  validators: 'validator',
  alerters: 'alerter',
  auth: 'auth',
  executors: 'executor',
  engines: 'engine',
  stores: 'store',
  commands: 'command',
} as const;
