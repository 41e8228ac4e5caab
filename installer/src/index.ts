export { baseUrl, type NpmOptions, npmOptions, registryOf } from './npm/options.ts';
export { type PublishRequest, type PublishResult, packageDigest, publishPackage } from './publish/index.ts';
