import { isSecret, type Secret } from '@vp/plugin-sdk';

/** A connection of vp.toml: `[connections.<name>]` with `use = "{{id}}"`. The manifest has its schema. */
export interface {{class}}Config {
  readonly host: string;
  readonly port?: number;
  /** `false` for a test server without TLS. */
  readonly https?: boolean;
  /** Arrives as a secret: nothing prints it by accident. */
  readonly token: Secret | string;
  /** Records to ask for at a time. */
  readonly page_size?: number;
}

/** The options of one use: `source('{{id}}', { connection: 'main', collection: 'orders' })`. */
export interface {{class}}Options {
  readonly collection: string;
}

export const tokenOf = ({ token }: {{class}}Config): string => (isSecret(token) ? token.reveal() : token);

export function baseUrl({ host, port, https = true }: {{class}}Config): string {
  return `${https ? 'https' : 'http'}://${host}${port === undefined ? '' : `:${port}`}`;
}
