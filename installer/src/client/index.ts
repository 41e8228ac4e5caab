export { createRegistryClient, type RegistryClient, type RegistryClientInit } from './client.ts';
export type { Packument, PackumentVersion } from './packument.ts';
export type { FoundPlugin, FoundPlugins, SearchQuery } from './search.ts';
