export { verifyKillList } from './kill-list.ts';
export { believedKeys } from './registry-keys.ts';
export { type SignedVersion, type VerifiedSignature, verifySignature } from './signature.ts';
