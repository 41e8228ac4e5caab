import { type ResolvedConfig, sectionAt } from '../config/index.ts';
import type { ContributionInfo } from '../host.ts';
import type { ConfigDigest } from '../plan/definition.ts';
import { shortDigest } from '../plan/fingerprint.ts';

/**
 * A digest of what a connection or a contribution's own section says, so that assets read through it
 * are `changed` when it points elsewhere. Keys that hold secrets do not count: a new password is no
 * new data.
 */
export function createConfigDigest(init: {
  readonly config: ResolvedConfig;
  /** Contributions of any point with the id. */
  readonly contributions: (id: string) => readonly ContributionInfo[];
  readonly secretKeys: (plugin: string) => readonly string[];
}): ConfigDigest {
  const { config, contributions, secretKeys } = init;
  return ({ point, id, connection }) => {
    const section = sectionAt(config, connection === undefined ? [point, id] : ['connections', connection]);
    if (Object.keys(section).length === 0) return undefined;
    const secrets = new Set(contributions(id).flatMap((info) => secretKeys(info.plugin)));
    return shortDigest(without(section, 'config', secrets));
  };
}

function without(value: unknown, key: string, secrets: ReadonlySet<string>): unknown {
  if (secrets.has(key) || secrets.has(`${key}.*`)) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, without(inner, `${key}.${name}`, secrets)]),
  );
}
