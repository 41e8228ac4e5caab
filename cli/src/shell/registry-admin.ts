import * as Flags from '@oclif/core/flags';
import type { AdminTarget } from '@vp/registry';

/** Flags of the commands that administer a registry: which one. */
export const adminFlags = {
  data: Flags.string({
    summary: 'Data folder of the registry',
    helpValue: 'dir',
    helpGroup: 'REGISTRY',
    exclusive: ['url'],
  }),
  config: Flags.string({
    summary: 'Its registry.toml, when it is not in this folder',
    helpValue: 'file',
    helpGroup: 'REGISTRY',
    exclusive: ['url'],
  }),
  url: Flags.string({
    summary: 'A registry elsewhere, with the token of an administrator in VP_REGISTRY_TOKEN',
    helpValue: 'url',
    helpGroup: 'REGISTRY',
  }),
};

interface AdminFlagValues {
  readonly data?: string | undefined;
  readonly config?: string | undefined;
  readonly url?: string | undefined;
}

/** The registry that the flags name. */
export function adminTarget({ data, config, url }: AdminFlagValues): AdminTarget {
  return url === undefined
    ? { dataDir: data, configFile: config }
    : { url, token: process.env.VP_REGISTRY_TOKEN };
}

/** How a token is told: this once, with where it goes. */
export function tokenLines(token: string, expires: string | undefined): string {
  const until = expires === undefined ? 'It does not expire' : `It expires on ${expires.slice(0, 10)}`;
  return [`  ${token}`, '', `${until} and is not shown again. In .npmrc: //<host>/:_authToken=<token>`].join(
    '\n',
  );
}
