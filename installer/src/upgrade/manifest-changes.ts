import type { JsonSchema } from '@vp/contracts';
import type { Manifest } from '@vp/contracts/manifest';
import { type ConfigChange, configChanges } from './config-changes.ts';
import { type ListedContribution, listedContributions, manifestSchemas } from './manifest-schemas.ts';
import { type PermissionChanges, permissionChanges } from './permission-changes.ts';

/** A contribution that is not what it was. */
export interface ContributionChange {
  readonly point: string;
  readonly id: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** `source@1` before and now, where it is another. */
  readonly contract?: { readonly from: string; readonly to: string };
  readonly capabilities: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** Of its deployment configuration (`[connections.*]`). */
  readonly config: readonly ConfigChange[];
  /** Of the options of one use (`source('postgres', options)`). */
  readonly options: readonly ConfigChange[];
}

export interface ManifestChanges {
  readonly permissions: PermissionChanges;
  /** Only those that changed. */
  readonly contributions: readonly ContributionChange[];
  readonly isolation?: { readonly from: string; readonly to: string };
}

/** A manifest whose schemas can be had, wherever its package lies. */
export interface DescribedManifest {
  readonly manifest: Manifest;
  /** The schema itself, of an inline one or of the path of one. */
  schema(written: string | JsonSchema): JsonSchema;
}

interface Contribution extends ListedContribution {
  readonly config: JsonSchema | undefined;
  readonly options: JsonSchema | undefined;
}

export function manifestChanges(before: DescribedManifest, after: DescribedManifest): ManifestChanges {
  const old = contributionsOf(before);
  const now = contributionsOf(after);
  const keys = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  const from = before.manifest.isolation ?? 'in-process';
  const to = after.manifest.isolation ?? 'in-process';
  return {
    permissions: permissionChanges(before.manifest.permissions ?? {}, after.manifest.permissions ?? {}),
    contributions: keys.flatMap((key) => contributionChange(old.get(key), now.get(key))),
    ...(from === to ? {} : { isolation: { from, to } }),
  };
}

function contributionChange(
  old: Contribution | undefined,
  now: Contribution | undefined,
): readonly ContributionChange[] {
  const known = now ?? old;
  if (known === undefined) return [];
  const { point, id } = known;
  const nothing = { capabilities: { added: [], removed: [] }, config: [], options: [] };
  if (old === undefined) return [{ point, id, change: 'added', ...nothing }];
  if (now === undefined) return [{ point, id, change: 'removed', ...nothing }];
  const change: ContributionChange = {
    point,
    id,
    change: 'changed',
    ...(old.contract === now.contract ? {} : { contract: { from: old.contract, to: now.contract } }),
    capabilities: {
      added: now.capabilities.filter((each) => !old.capabilities.includes(each)),
      removed: old.capabilities.filter((each) => !now.capabilities.includes(each)),
    },
    config: configChanges(old.config, now.config),
    options: configChanges(old.options, now.options),
  };
  const { contract, capabilities, config, options } = change;
  const count = capabilities.added.length + capabilities.removed.length + config.length + options.length;
  return contract === undefined && count === 0 ? [] : [change];
}

function contributionsOf({ manifest, schema }: DescribedManifest): ReadonlyMap<string, Contribution> {
  const schemas = manifestSchemas(manifest);
  return new Map(
    listedContributions(manifest).map((each): [string, Contribution] => {
      const find = (kind: 'config' | 'options') => {
        const found = schemas.find(
          ({ point, id, schema: its }) => point === each.point && id === each.id && its === kind,
        );
        return found === undefined ? undefined : schema(found.written);
      };
      return [`${each.point} ${each.id}`, { ...each, config: find('config'), options: find('options') }];
    }),
  );
}
