import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeThrown } from '@vp/contracts';
import { errors } from '../errors.ts';

/**
 * What npm's libraries need to talk to registries: npm's own names, and of npm's settings only those
 * that are about the network, so that an `omit` or `global` in somebody's .npmrc changes no deployment.
 */
export interface NpmOptions {
  /** Base URL, ending in `/`. Scopes may have another one, under `@scope:registry`. */
  readonly registry: string;
  /** npm's content cache. */
  readonly cache: string;
  /** Milliseconds of silence. */
  readonly timeout: number;
  readonly fetchRetries: number;
  readonly fetchRetryFactor: number;
  readonly fetchRetryMintimeout: number;
  readonly fetchRetryMaxtimeout: number;
  readonly offline?: boolean;
  readonly preferOffline?: boolean;
  readonly preferOnline?: boolean;
  readonly signal?: AbortSignal;
  /** Credentials (`//host/:_authToken`), scopes (`@acme:registry`), proxies, certificates. */
  readonly [key: string]: unknown;
}

const network = [
  'registry',
  'cache',
  'proxy',
  'httpsProxy',
  'noProxy',
  'ca',
  'cert',
  'key',
  'strictSSL',
  'localAddress',
  'maxSockets',
  'userAgent',
  'offline',
  'preferOffline',
  'preferOnline',
  'replaceRegistryHost',
] as const;

/** Whoever waits longer for a registry waits in vain: a first byte in 10 s, and one more try. */
const patience = {
  timeout: 10_000,
  fetchRetries: 1,
  fetchRetryFactor: 1,
  fetchRetryMintimeout: 250,
  fetchRetryMaxtimeout: 1000,
};

/**
 * The options of npm for a project: its .npmrc, the user's, the machine's, and the environment, read by
 * npm's own reader. Times are bounded by ours, however patient the .npmrc is.
 *
 * @throws VpError `VP_NPMRC_INVALID`
 */
export async function npmOptions(
  init: { readonly projectDir?: string; readonly registry?: string } = {},
): Promise<NpmOptions> {
  const { projectDir = process.cwd(), registry } = init;
  const flat = await readConfig(projectDir);
  const chosen: Record<string, unknown> = {};
  for (const key of network) if (flat[key] !== undefined) chosen[key] = flat[key];
  for (const [key, value] of Object.entries(flat)) {
    if (key.startsWith('//') || /^@[^:]+:registry$/i.test(key)) chosen[key] = value;
  }
  const cache = String(flat.cache ?? join(projectDir, '.vp/cache/npm'));
  return { ...chosen, ...patience, cache, registry: baseUrl(registry ?? String(flat.registry)) };
}

/** A registry's URL as it is written in locks: without search, hash or credentials, with one `/` at its end. */
export function baseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw errors.VP_REGISTRY_URL_INVALID({ text });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw errors.VP_REGISTRY_URL_INVALID({ text });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/`;
}

/** Base URL of the registry that serves a package: its scope's, else the default one. */
export function registryOf(name: string, options: NpmOptions): string {
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;
  const scoped = scope === undefined ? undefined : options[`${scope}:registry`];
  return typeof scoped === 'string' ? baseUrl(scoped) : options.registry;
}

async function readConfig(projectDir: string): Promise<Readonly<Record<string, unknown>>> {
  const [{ default: Config }, { default: npm }] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ]);
  const { definitions, shorthands, flatten, nerfDarts } = npm;
  const prefix = dirname(dirname(process.execPath));
  const config = new Config({
    definitions,
    shorthands,
    flatten,
    nerfDarts,
    // Where npm's own defaults would be, when this Node.js came with an npm.
    npmPath: join(prefix, 'lib/node_modules/npm'),
    argv: [process.execPath, 'npm', ...projectPrefix(projectDir, prefix)],
    // npm writes into the environment that it is given.
    env: { ...process.env },
    cwd: projectDir,
  });
  try {
    await config.load();
    config.validate();
  } catch (error) {
    throw errors.VP_NPMRC_INVALID({ from: projectDir, reason: describeThrown(error) }, { cause: error });
  }
  return config.flat;
}

/** npm takes a folder for a project by its package.json; a project of ours may have an .npmrc without one. */
function projectPrefix(projectDir: string, prefix: string): readonly string[] {
  const has = (name: string) => existsSync(join(projectDir, name));
  if (!has('.npmrc') || has('package.json') || has('node_modules')) return [];
  return [`--prefix=${projectDir}`, `--globalconfig=${join(prefix, 'etc/npmrc')}`];
}
