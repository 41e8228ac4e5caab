/** A JSON scalar. */
export type JsonScalar = string | number | boolean | null;

/** Any value that survives `JSON.parse(JSON.stringify(value))`. */
export type Json = JsonScalar | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * A JSON Schema (2020-12) document. Plugins describe their configuration with it, so that the
 * host can validate and document it without running the plugin's code.
 */
export type JsonSchema = { readonly [key: string]: unknown };
