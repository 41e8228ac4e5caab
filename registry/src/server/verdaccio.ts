import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative } from 'node:path';
import type { ResolvedConfig } from '../config/read.ts';
import { isPrivate } from '../gate/names.ts';
import type { Layout } from '../store/layout.ts';

export type Engine = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Verdaccio answers npm's reads: documents, tarballs, tags, and what is proxied. It listens nowhere and gets only
 * requests that were let through already; all writes are ours.
 */
export async function createEngine(init: {
  readonly config: ResolvedConfig;
  readonly layout: Layout;
  /** Names of the packages that are published here. */
  readonly hosted: readonly string[];
}): Promise<Engine> {
  const { config, layout } = init;
  // Verdaccio takes the public address from here only.
  if (config.public_url !== undefined) process.env.VERDACCIO_PUBLIC_URL = config.public_url;
  const { runServer } = await import('verdaccio');
  const server = await runServer({
    self_path: join(layout.root, 'verdaccio.yaml'),
    configPath: join(layout.root, 'verdaccio.yaml'),
    storage: layout.cache,
    packages: packageRules(init),
    uplinks: uplinks(config),
    auth: { htpasswd: { file: join(layout.cache, 'htpasswd'), max_users: -1 } },
    security: { api: { legacy: false } },
    web: { enable: false },
    server: { trustProxy: config.public_url === undefined ? false : 'loopback' },
    user_agent: false,
    max_body_size: '64kb',
    log: { type: 'stdout', format: 'json', level: 'warn' },
  });
  return (request, response) => {
    server.emit('request', request, response);
  };
}

/** What is ours has no `proxy`: an upstream is never asked for it, whatever versions it offers. */
function packageRules(init: {
  readonly config: ResolvedConfig;
  readonly layout: Layout;
  readonly hosted: readonly string[];
}): Record<string, unknown> {
  const { config, layout, hosted } = init;
  // Verdaccio takes a folder relative to its own, which is the cache.
  const storage = relative(layout.cache, layout.packages);
  const ours = { access: '$all', publish: [], unpublish: [], storage };
  if (config.upstream === undefined) return { '**': ours };
  const names = [
    ...config.private_scopes.map((scope) => `${scope}/*`),
    ...config.private_packages,
    ...hosted.filter((name) => !isPrivate(name, config)),
  ];
  return {
    ...Object.fromEntries(names.map((name) => [name, ours])),
    '**': { access: '$all', publish: [], unpublish: [], proxy: ['upstream'] },
  };
}

function uplinks({ upstream }: ResolvedConfig): Record<string, unknown> {
  if (upstream === undefined) return {};
  const { url, timeout, max_age, token_env } = upstream;
  return {
    upstream: {
      url,
      timeout,
      maxage: max_age,
      max_fails: 5,
      fail_timeout: '1m',
      ...(token_env === undefined ? {} : { auth: { type: 'bearer', token_env } }),
    },
  };
}
