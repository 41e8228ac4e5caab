export type { GivenRows } from './input-asset.ts';
export { type RunAssetOptions, runAsset } from './run-asset.ts';
