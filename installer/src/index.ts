export { baseUrl, type NpmOptions, npmOptions, registryOf } from './npm/options.ts';
