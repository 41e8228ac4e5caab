import type { Secret } from '@vp/plugin-sdk';

/** `[connections.*]` of a MySQL or MariaDB server, defaults filled in. */
export interface MysqlConfig {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** A handle where vp.toml has a reference; a text where somebody wrote the password itself. */
  readonly password?: Secret | string;
  readonly tls: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** PEM files, relative to the project. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly connect_timeout_ms: number;
  /** 0: none. */
  readonly statement_timeout_ms: number;
  /** 0: the server's own. */
  readonly lock_timeout_ms: number;
  readonly application_name: string;
}

/** How errors name the server. Never with a password. */
export const serverOf = ({ host, port }: Pick<MysqlConfig, 'host' | 'port'>): string =>
  `MySQL at ${host}:${port}`;
