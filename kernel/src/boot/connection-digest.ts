import type { ResolvedConfig } from '../config/index.ts';
import type { ContributionInfo } from '../host.ts';
import { shortDigest } from '../plan/fingerprint.ts';

/**
 * A digest of what a connection says, so that assets read through it are `changed` when it points
 * elsewhere. Keys that hold secrets do not count: a new password is no new data.
 */
export function createConnectionDigest(init: {
  readonly config: ResolvedConfig;
  /** Contributions of any point with the id. */
  readonly contributions: (id: string) => readonly ContributionInfo[];
  readonly secretKeys: (plugin: string) => readonly string[];
}): (connection: string) => string | undefined {
  const { config, contributions, secretKeys } = init;
  return (name) => {
    const connection = config.values.connections[name];
    if (connection === undefined) return undefined;
    const secrets = new Set(contributions(connection.use).flatMap((info) => secretKeys(info.plugin)));
    return shortDigest(without(connection, 'config', secrets));
  };
}

function without(value: unknown, key: string, secrets: ReadonlySet<string>): unknown {
  if (secrets.has(key) || secrets.has(`${key}.*`)) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, without(inner, `${key}.${name}`, secrets)]),
  );
}
