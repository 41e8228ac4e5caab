import { isSecret, type Secret } from '@vp/plugin-sdk';

/** `[alerter.{{id}}]` of vp.toml. The manifest has its schema. */
export interface {{class}}Config {
  /** Who knows the URL can post: it arrives as a secret, and nothing prints it by accident. */
  readonly url: Secret | string;
  /** Further attempts when the chat is busy or silent. */
  readonly retries?: number;
  /** Milliseconds before the first of them; doubled each time. */
  readonly retry_delay_ms?: number;
}

export const urlOf = ({ url }: {{class}}Config): string => (isSecret(url) ? url.reveal() : url);
