export { type PublishRequest, type PublishResult, packageDigest, publishPackage } from './publish-package.ts';
