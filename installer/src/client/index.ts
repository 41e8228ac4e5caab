export { createRegistryClient, type RegistryClient, type RegistryClientInit } from './client.ts';
export { contributionsOf } from './contributions.ts';
export { errorTable as clientErrorTable } from './errors.ts';
export { type Packument, type PackumentVersion, publishedAt } from './packument.ts';
export { manifestOf } from './plain-catalogue.ts';
export type { FoundPlugin, FoundPlugins, SearchQuery } from './search.ts';
