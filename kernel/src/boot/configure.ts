import type { Secret, SecretRef } from '@vp/contracts';
import { contributionConfig, type ResolvedConfig } from '../config/index.ts';
import type { Diagnostics } from '../diagnostics/index.ts';
import type { ConfigureContribution } from '../plugins/index.ts';
import { literalSecrets, type Redactor, withSecrets } from '../secrets/index.ts';
import { errors } from './errors.ts';

/** Reads the configuration of contributions: validated, defaults filled in, secrets behind handles. */
export function createConfigure(init: {
  readonly config: ResolvedConfig;
  readonly secret: (ref: SecretRef) => Promise<Secret>;
  readonly redactor: Redactor;
  readonly diagnostics: Diagnostics;
}): ConfigureContribution {
  const { config, secret, redactor, diagnostics } = init;
  return async ({ info, schema, connection, permissions }) => {
    if (connection !== undefined) checkConnection(config, connection, info.id);
    const path = connection === undefined ? [info.point, info.id] : ['connections', connection];
    const value = contributionConfig({ config, path, schema, plugin: info.plugin });
    const place = (inner: readonly string[]) => config.place(inner);
    const secrets = { value, path, keys: permissions.secrets ?? [], place };
    for (const warning of literalSecrets({ ...secrets, redactor })) diagnostics.warn(warning);
    return withSecrets({ ...secrets, get: secret });
  };
}

function checkConnection(config: ResolvedConfig, name: string, wanted: string): void {
  const { connections } = config.values;
  const found = connections[name];
  if (found === undefined) {
    throw errors.VP_CONNECTION_UNKNOWN({ name, known: Object.keys(connections) });
  }
  if (found.use === wanted) return;
  const { text, ...at } = config.place(['connections', name, 'use']);
  throw errors.VP_CONNECTION_USE({ name, use: found.use, wanted, place: text }, { at });
}
