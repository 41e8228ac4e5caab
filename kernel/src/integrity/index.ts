export { type LockDifference, lockDifferences, type WantedPlugin } from './drift.ts';
export { type Generation, readGeneration, readIndex, writeIndex } from './installed-index.ts';
export { createIntegrity, type Integrity, type Trust } from './integrity.ts';
export { readKillLists, withdrawn, writeKillLists } from './kill-lists.ts';
export { parseLock, readLock } from './lock-file.ts';
export { matchesPackage } from './policy.ts';
export { installedPath, type PackageDifference } from './tampered.ts';
export { type PackageTree, scanPackage } from './tree.ts';
export { verifyGeneration } from './verify-generation.ts';
