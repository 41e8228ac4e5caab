export { type BundleSummary, createBundle, listBundle } from './create.ts';
export { type BundleKey, bundleKey, bundleKeyFile } from './key.ts';
export { keepKillLists } from './kill-lists.ts';
export { type Bundle, openBundle } from './open.ts';
export { parsePlatform, platformText } from './platform.ts';
export { trustBundleKey, trustedBundleKeys } from './trusted-keys.ts';
