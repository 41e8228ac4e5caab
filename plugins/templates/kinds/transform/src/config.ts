import { isSecret, type Secret } from '@vp/plugin-sdk';

/** `[transform.{{id}}]` of vp.toml. The manifest has its schema. */
export interface {{class}}Config {
  /** Key of the hashes. Arrives as a secret: nothing prints it by accident. */
  readonly key: Secret | string;
}

export const keyOf = ({ key }: {{class}}Config): string => (isSecret(key) ? key.reveal() : key);
