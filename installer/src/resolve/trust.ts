import { isVpError, type VpError } from '@vp/contracts';
import type { Lock, RegistryKey, RegistrySignature } from '@vp/contracts/registry';
import type { Policy } from '@vp/kernel';
import { publishedAt } from '../client/packument.ts';
import { errors } from '../errors.ts';
import { baseUrl } from '../npm/options.ts';
import { policyViolations, policyWarnings } from '../policy/index.ts';
import type { PackageSource } from '../source/source.ts';
import { verifySignature } from '../trust/index.ts';
import { policyFacts } from './candidates.ts';
import type { ChosenVersion } from './choose.ts';

/** What the registry says of a version, as far as it could be believed. */
export interface TrustedVersion {
  readonly integrity: string;
  readonly signature?: RegistrySignature | undefined;
  readonly published?: string | undefined;
}

export interface TrustResult {
  /** By key of `[plugins]`; of the versions that are new here. */
  readonly versions: ReadonlyMap<string, TrustedVersion>;
  /** Keys to trust from now on. */
  readonly registries: Lock['registries'];
  readonly warnings: readonly VpError[];
}

/**
 * Checks the signatures of the versions that are new here, by the keys that vp.lock trusts and those that
 * they endorse, and whether the policy allows them.
 *
 * @throws VpError the first rule that is broken; `details.more` has the others
 */
export async function establishTrust(request: {
  readonly chosen: readonly ChosenVersion[];
  readonly lock: Lock | undefined;
  readonly source: PackageSource;
  readonly policy: Policy;
  readonly now: Date;
}): Promise<TrustResult> {
  const { chosen, lock, source, policy, now } = request;
  const pinned = new Map(Object.entries(lock?.registries ?? {}).map(([url, { keys }]) => [url, keys]));
  const fresh = chosen.filter((each) => each.fresh !== undefined);
  const looksAtKeys = policy.signatures !== 'ignore';
  const urls = looksAtKeys ? [...new Set(fresh.map(({ registry }) => registry))] : [];
  const offered = new Map(await Promise.all(urls.map(async (url) => [url, await source.keys(url)] as const)));
  const versions = new Map<string, TrustedVersion>();
  const violations: VpError[] = [];
  const warnings: VpError[] = [];
  for (const plugin of fresh) {
    const keys = offered.get(plugin.registry) ?? [];
    const { verified, fault, facts } = check(plugin, {
      keys,
      pinned: pinned.get(plugin.registry) ?? [],
      looksAtKeys,
    });
    const strange = otherRegistry(plugin, { lock, policy, keys, looksAtKeys });
    if (strange !== undefined) violations.push(strange);
    if (verified !== undefined) pinned.set(plugin.registry, [...verified.trusted]);
    const candidate = {
      ...policyFacts({ packument: facts.packument, version: plugin.version, registry: plugin.registry }),
      signature: { fault },
    };
    violations.push(...policyViolations({ policy, candidate, now }));
    warnings.push(...policyWarnings({ policy, candidate, now }));
    const published = publishedAt(facts.packument, plugin.version);
    versions.set(plugin.key, {
      integrity: facts.document.dist.integrity ?? '',
      ...(verified === undefined ? {} : { signature: verified.signature }),
      ...(published === undefined ? {} : { published }),
    });
  }
  const [first, ...others] = violations;
  if (first !== undefined) {
    const more = others.map(({ code, message }) => ({ code, message }));
    throw more.length === 0 ? first : Object.assign(first, { details: { ...first.details, more } });
  }
  return {
    versions,
    warnings,
    registries: Object.fromEntries([...pinned].map(([url, keys]) => [url, { keys: [...keys] }])),
  };
}

/**
 * Why a package that is locked from one registry must not come from another: a changed .npmrc or environment
 * would bring its keys along, and nobody would see it. A registry that only has another address signs with
 * keys that the lock trusts already; one that is named for the scope in `[policy] registries` was meant.
 */
function otherRegistry(
  plugin: ChosenVersion,
  known: {
    readonly lock: Lock | undefined;
    readonly policy: Policy;
    readonly keys: readonly RegistryKey[];
    readonly looksAtKeys: boolean;
  },
): VpError | undefined {
  const { package: name, registry } = plugin;
  const { lock, policy, keys, looksAtKeys } = known;
  const before = Object.values(lock?.plugins ?? {})
    .filter((each) => each.package === name)
    .map((each) => each.registry);
  const [locked] = before;
  if (locked === undefined || before.includes(registry)) return undefined;
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : '';
  const isMeant = Object.entries(policy.registries ?? {}).some(
    ([url, scopes]) => baseUrl(url) === registry && scopes.includes(scope),
  );
  if (isMeant) return undefined;
  const pinned = before.flatMap((url) => lock?.registries[url]?.keys ?? []);
  if (pinned.length > 0 && check(plugin, { keys, pinned, looksAtKeys }).verified !== undefined)
    return undefined;
  return errors.VP_INSTALL_REGISTRY_CHANGED({ key: plugin.key, package: name, locked, registry, scope });
}

function check(
  plugin: ChosenVersion,
  known: {
    readonly keys: readonly RegistryKey[];
    readonly pinned: readonly RegistryKey[];
    readonly looksAtKeys: boolean;
  },
) {
  const { fresh: facts, package: name, version, registry } = plugin;
  if (facts === undefined) throw new TypeError('only versions that are new here are checked');
  const { dist } = facts.document;
  if (!known.looksAtKeys) return { facts, verified: undefined, fault: undefined };
  try {
    const verified = verifySignature({
      name,
      version,
      registry,
      integrity: dist.integrity,
      signatures: dist.signatures,
      published: publishedAt(facts.packument, version),
      keys: known.keys,
      pinned: known.pinned,
    });
    return { facts, verified, fault: undefined };
  } catch (error) {
    if (!isVpError(error)) throw error;
    return { facts, verified: undefined, fault: error };
  }
}
