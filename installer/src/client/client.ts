import { didYouMean, isVpError } from '@vp/contracts';
import {
  type KillList,
  killListSchema,
  type PluginDetail,
  pluginDetailSchema,
  type RegistryKey,
  registryKeySchema,
} from '@vp/contracts/registry';
import * as z from 'zod';
import { type NpmOptions, registryOf } from '../npm/options.ts';
import { errors } from './errors.ts';
import { fetchJson, type JsonAnswer, type JsonRequest } from './fetch-json.ts';
import { type Packument, packumentSchema } from './packument.ts';
import { manifestOf, plainDetail, shownVersion } from './plain-catalogue.ts';
import { type FoundPlugins, type SearchQuery, searchRegistries } from './search.ts';

/**
 * Reads registries: a document is asked for once, checked before it is believed, and all of an answer comes
 * within a bounded time or not at all. Honours what npm honours: credentials, scopes, proxies, certificates.
 */
export interface RegistryClient {
  /** The default registry and those of scopes, by base URL. */
  readonly registries: readonly string[];
  registryOf(name: string): string;
  /** The whole document of a package, from the registry of its scope unless told. */
  packument(name: string, registry?: string): Promise<Packument>;
  /** What a registry tells of a plugin. From a registry of npm alone it is made of the package's document. */
  plugin(name: string): Promise<PluginDetail>;
  search(query: SearchQuery): Promise<FoundPlugins>;
  /** None from a registry that signs nothing. */
  keys(registry: string): Promise<readonly RegistryKey[]>;
  /** None from a registry that knows nothing of plugins. Check it with `verifyKillList`. */
  killList(registry: string): Promise<KillList | undefined>;
  /** None from a registry that knows nothing of plugins. */
  status(registry: string): Promise<RegistryStatus | undefined>;
  /** Registries that did not answer and whose documents came from npm's cache, with the time of the oldest. */
  stale(): ReadonlyMap<string, string>;
}

const statusSchema = z.looseObject({ version: z.string().optional() });
export type RegistryStatus = z.infer<typeof statusSchema>;

/** Keys of other kinds than ours may stand beside them: npm's format allows it. */
const keysSchema = z.object({ keys: z.array(z.unknown()) });

export interface RegistryClientInit {
  /** Of `npmOptions`. */
  readonly options: NpmOptions;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one document, tries included; 25,000 unless told. */
  readonly within?: number | undefined;
}

export function createRegistryClient(init: RegistryClientInit): RegistryClient {
  const { options, signal, within = 25_000 } = init;
  const scoped = Object.keys(options).filter((key) => /^@[^:]+:registry$/.test(key));
  const registries = [
    ...new Set([options.registry, ...scoped.map((key) => registryOf(`${key.split(':')[0]}/x`, options))]),
  ];
  const asked = new Map<string, Promise<JsonAnswer<unknown> | undefined>>();
  const staleSince = new Map<string, string>();

  async function get<T extends z.ZodType>(
    request: Pick<JsonRequest<T>, 'registry' | 'path' | 'query' | 'schema'>,
  ): Promise<z.infer<T> | undefined> {
    const key = `${request.registry}${request.path}?${JSON.stringify(request.query ?? {})}`;
    const pending = asked.get(key) ?? fetchJson({ ...request, options, signal, within });
    asked.set(key, pending);
    const answer = await pending;
    if (answer?.staleSince !== undefined) noteStale(request.registry, answer.staleSince);
    // One path has one schema.
    return answer?.value as z.infer<T> | undefined;
  }

  function noteStale(registry: string, since: string): void {
    const known = staleSince.get(registry);
    if (known === undefined || Date.parse(since) < Date.parse(known)) staleSince.set(registry, since);
  }

  async function document(name: string, registry: string): Promise<Packument | undefined> {
    const found = await get({ registry, path: encodePackage(name), schema: packumentSchema });
    if (found === undefined) return undefined;
    if (found.name !== name) {
      const problem = `it is the document of ${found.name}`;
      throw errors.VP_REGISTRY_BAD_ANSWER({ registry, document: name, problem });
    }
    const hasFacts = Object.values(found.versions).some(({ vpRegistry }) => vpRegistry !== undefined);
    return hasFacts && !(await isOurs(registry)) ? withoutFacts(found) : found;
  }

  const status = (registry: string) => get({ registry, path: '-/vp/v1/status', schema: statusSchema });

  /** Whether a registry says things of versions itself. One that does not answer is not believed. */
  async function isOurs(registry: string): Promise<boolean> {
    try {
      return (await status(registry)) !== undefined;
    } catch (error) {
      signal?.throwIfAborted();
      if (isVpError(error)) return false;
      throw error;
    }
  }

  async function packument(name: string, registry = registryOf(name, options)): Promise<Packument> {
    const found = await document(name, registry);
    if (found !== undefined) return found;
    const suggestion = await similar(name, registry);
    throw errors.VP_REGISTRY_NO_PACKAGE({ registry, package: name, suggestion });
  }

  /** Names that its search finds for the last part of the name. Nothing when that fails too: it is only a help. */
  async function similar(name: string, registry: string): Promise<string> {
    const text = name.slice(name.indexOf('/') + 1);
    const found = await searchRegistries({ text }, [registry], { get, document }).catch(() => undefined);
    const names = found?.plugins.map((each) => each.name) ?? [];
    return names.length === 0 ? '' : didYouMean(name, names);
  }

  return {
    registries,
    registryOf: (name) => registryOf(name, options),
    packument,
    async plugin(name) {
      const registry = registryOf(name, options);
      const path = `-/vp/v1/plugins/${name.split('/').map(encodeURIComponent).join('/')}`;
      const detail = await get({ registry, path, schema: pluginDetailSchema });
      if (detail !== undefined) return detail;
      const document = await packument(name);
      const shown = shownVersion(document);
      const manifest = shown === undefined ? { problem: 'it has no version' } : manifestOf(shown);
      if ('problem' in manifest)
        throw errors.VP_REGISTRY_NOT_A_PLUGIN({ registry, package: name, problem: manifest.problem });
      return plainDetail(document, manifest);
    },
    search: (query) => searchRegistries(query, registries, { get, document }),
    async keys(registry) {
      const answer = await get({ registry, path: '-/npm/v1/keys', schema: keysSchema });
      return (answer?.keys ?? []).flatMap((each) => {
        const key = registryKeySchema.safeParse(each);
        return key.success ? [key.data] : [];
      });
    },
    killList: (registry) => get({ registry, path: '-/vp/v1/kill-list', schema: killListSchema }),
    status,
    stale: () => staleSince,
  };
}

/** What only a registry of ours knows: from any other it is the author's own word, be it a badge. */
function withoutFacts(packument: Packument): Packument {
  const versions = Object.entries(packument.versions).map(([version, { vpRegistry: _, ...document }]) => [
    version,
    document,
  ]);
  return { ...packument, versions: Object.fromEntries(versions) };
}

/** As npm asks for it: `@acme%2fweather`. */
const encodePackage = (name: string): string => name.replace('/', '%2f');
