import type { Permissions } from '@vp/contracts/manifest';
import { contributionKeys } from '@vp/contracts/manifest';
import type { Badge, Lock } from '@vp/contracts/registry';
import type { Grants, WantedPermission } from '@vp/kernel';
import semver from 'semver';
import type { ChosenVersion } from '../resolve/choose.ts';

/** What becomes of one plugin. */
export interface PluginChange {
  /** Key of `[plugins]`. */
  readonly key: string;
  readonly package: string;
  readonly kind: 'add' | 'upgrade' | 'downgrade' | 'replace' | 'remove' | 'grant';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly description?: string | undefined;
  readonly registry?: string | undefined;
  /** ISO 8601. */
  readonly published?: string | undefined;
  /** Unpacked, in bytes. */
  readonly size?: number | undefined;
  readonly license?: string | undefined;
  readonly badge?: Badge | undefined;
  readonly deprecated?: string | undefined;
  /** Whether a trusted key of its registry signed it. */
  readonly signed: boolean;
  readonly isolation: 'in-process' | 'process';
  readonly contributions: readonly { readonly point: string; readonly id: string }[];
  /** All that it asks for. */
  readonly permissions: Permissions;
  /** What of that the deployment does not grant yet. */
  readonly asks: readonly WantedPermission[];
  /** What it would be granted in vp.toml. */
  readonly grants?: Grants | undefined;
}

/** What is contributed by a manifest, in the manifest's order. */
export function contributionsOf({ vp }: ChosenVersion['manifest']): PluginChange['contributions'] {
  return Object.entries(vp.contributes ?? {}).flatMap(([key, list]) =>
    (list ?? []).map(({ id, contract }) => ({
      id,
      point:
        key === 'extensions'
          ? (contract.split('@')[0] ?? '')
          : contributionKeys[key as keyof typeof contributionKeys],
    })),
  );
}

/** What happens to a plugin, by what the lock had; `undefined` for nothing. */
export function kindOf(
  chosen: ChosenVersion,
  lock: Lock | undefined,
  asks: readonly WantedPermission[],
): PluginChange['kind'] | undefined {
  const before = lock?.plugins[chosen.key];
  if (before === undefined) return 'add';
  if (before.package !== chosen.package) return 'replace';
  if (before.version === chosen.version) return asks.length > 0 ? 'grant' : undefined;
  return semver.gt(chosen.version, before.version) ? 'upgrade' : 'downgrade';
}

/** `add @vp/files 1.0.0`, for errors and plain lines. */
export function changeText({ kind, key, from, to }: PluginChange): string {
  const versions = [from, to].filter((each) => each !== undefined).join(' -> ');
  return `${kind} ${key} ${versions}`.trimEnd();
}
