import * as z from 'zod';
import { createRegistryClient, type RegistryClient } from '../client/client.ts';
import { fetchJson, registryFault } from '../client/fetch-json.ts';
import { errors } from '../errors.ts';
import { type NpmOptions, registryOf } from '../npm/options.ts';
import { readBody } from '../npm/read-body.ts';
import { cachedTarball } from './content-cache.ts';
import type { PackageSource, TarballRequest } from './source.ts';

/** Bytes in five seconds below which a download counts as hung: what trickles would never end. */
const crawl = 25 * 1024;
const lookEveryMs = 5_000;
/** And whatever comes ends: a tarball has so much time, and is no larger. */
const longestMs = 15 * 60_000;
const mostBytes = 2 ** 29;

const document = z.looseObject({ name: z.string(), versions: z.record(z.string(), z.unknown()) });

/** Packages of registries, with what npm has in its cache. */
export function registrySource(init: {
  readonly options: NpmOptions;
  readonly signal?: AbortSignal | undefined;
  /** One that asks the same registries already. */
  readonly client?: RegistryClient | undefined;
}): PackageSource {
  const { options, signal, client = createRegistryClient({ options, signal }) } = init;
  const short = new Map<string, Promise<Readonly<Record<string, unknown>>>>();
  return {
    registryOf: (name) => registryOf(name, options),
    packument: (name) => client.packument(name),
    keys: (registry) => client.keys(registry),
    killList: (registry) => client.killList(registry),
    dependency(name) {
      const known = short.get(name) ?? shortDocument(name, init);
      short.set(name, known);
      return known;
    },
    async tarball(request) {
      const cached = cachedTarball(options.cache, request.integrity);
      return cached ?? download(request, init);
    },
  };
}

async function shortDocument(
  name: string,
  init: { readonly options: NpmOptions; readonly signal?: AbortSignal | undefined },
): Promise<Readonly<Record<string, unknown>>> {
  const { options, signal } = init;
  const registry = registryOf(name, options);
  const answer = await fetchJson({
    options,
    registry,
    signal,
    path: name.replace('/', '%2f'),
    schema: document,
    within: 25_000,
    accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
  });
  if (answer !== undefined) return answer.value;
  // npm's own code for "there is no such package": an optional one may be missing.
  throw Object.assign(new Error(`${name} is not in ${registry}`), { code: 'E404' });
}

async function download(
  request: TarballRequest,
  init: { readonly options: NpmOptions; readonly signal?: AbortSignal | undefined },
): Promise<Buffer> {
  const { name, version, integrity } = request;
  const { options } = init;
  const registry = registryOf(name, options);
  const url = tarballUrl(request, options);
  const { default: fetch } = await import('npm-registry-fetch');
  const hung = new AbortController();
  const signals = [hung.signal, init.signal, request.signal].filter((each) => each !== undefined);
  let size = 0;
  let before = 0;
  const started = performance.now();
  const watch = setInterval(() => {
    if (size - before < crawl || performance.now() - started > longestMs) hung.abort();
    before = size;
  }, lookEveryMs);
  try {
    const response = await fetch(url, {
      ...options,
      registry,
      signal: AbortSignal.any(signals),
      ...(integrity === undefined ? {} : { integrity }),
    });
    const signal = AbortSignal.any(signals);
    return await readBody(response.body, {
      signal,
      most: mostBytes,
      count: (bytes) => {
        size += bytes;
      },
    });
  } catch (error) {
    init.signal?.throwIfAborted();
    request.signal?.throwIfAborted();
    const about = { package: `${name}@${version}`, from: registry };
    if (hung.signal.aborted) {
      const reason = `only ${size} bytes came, and then too few to go on`;
      throw errors.VP_INSTALL_DOWNLOAD({ ...about, reason });
    }
    const { code, found } = Object(error);
    if (code === 'EINTEGRITY')
      throw errors.VP_INSTALL_INTEGRITY({ ...about, wanted: integrity ?? '', found: String(found) });
    const cause = registryFault({ error, registry, document: url, late: false, within: options.timeout });
    throw errors.VP_INSTALL_DOWNLOAD({ ...about, reason: cause.message }, { cause });
  } finally {
    clearInterval(watch);
  }
}

/**
 * Where a tarball is: what the registry said of it, at the host of the registry that is asked now when
 * .npmrc says so (`replace-registry-host`), or where every registry of npm's kind has it.
 */
function tarballUrl({ name, version, resolved }: TarballRequest, options: NpmOptions): string {
  const registry = registryOf(name, options);
  const base = name.slice(name.indexOf('/') + 1);
  const usual = new URL(`${name}/-/${base}-${version}.tgz`, registry).href;
  if (resolved === undefined) return usual;
  const { replaceRegistryHost } = options;
  const isReplaced = replaceRegistryHost === 'always' || replaceRegistryHost === new URL(resolved).host;
  return isReplaced ? usual : resolved;
}
