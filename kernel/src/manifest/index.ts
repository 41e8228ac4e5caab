export { createLocator, tryJson } from './json-text.ts';
export { type ManifestResult, parseManifest, readManifest } from './read.ts';
export { resolveSchema } from './schema-file.ts';
