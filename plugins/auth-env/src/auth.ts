import { userInfo } from 'node:os';
import type { Auth, Identity, Paths } from '@vp/plugin-sdk';
import type { AuthEnvConfig } from './config.ts';
import { envSecrets } from './env-secret.ts';
import { errors } from './errors.ts';
import { fileSecrets } from './file-secret.ts';

export interface AuthEnvInit {
  readonly config: AuthEnvConfig;
  readonly paths: Paths;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Login name of the process's user. */
  readonly user?: () => string;
}

/** Secrets from the environment and from files; the local user as identity. */
export function createAuthEnv(init: AuthEnvInit): Auth {
  const { config, paths, variables = process.env, user = loginName } = init;
  const fromEnv = envSecrets({ config, paths, variables });
  const fromFile = fileSecrets({ config, paths });
  return {
    async check() {
      return {
        ok: true,
        message: `secrets from the environment and files of ${paths.project}, user ${user()}`,
      };
    },
    async identify(credentials, { signal }): Promise<Identity | undefined> {
      signal.throwIfAborted();
      if (credentials.kind !== 'local') return undefined;
      const name = user();
      return { id: `local:${name}`, name, groups: [], provider: 'env' };
    },
    async secret(ref, { logger, signal }) {
      signal.throwIfAborted();
      const [, scheme, name = ''] = /^secret:\/\/(env|file)\/(.+)$/s.exec(ref) ?? [];
      if (scheme === 'env') return fromEnv(name, ref, logger);
      if (scheme === 'file') return fromFile(name, ref, logger);
      throw errors.VP_AUTH_ENV_BAD_REFERENCE({ ref, problem: 'it has no name after its scheme' });
    },
  };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have a number and no name.
    return String(process.getuid?.() ?? process.env.USERNAME ?? 'unknown');
  }
}
