import type { VpError } from '@vp/contracts';
import type { Permissions } from '@vp/contracts/manifest';
import { formatKey, type Grants } from '../config/index.ts';
import { errors } from './errors.ts';
import { covers, type PatternKind } from './patterns.ts';

/** A permission that a manifest asks for. */
export interface WantedPermission {
  readonly kind: PatternKind | 'native';
  /** The pattern, as the manifest writes it (with configured values put in); `true` for `native`. */
  readonly wanted: string;
}

const kinds: readonly PatternKind[] = ['network', 'secrets', 'fs', 'subprocess', 'env'];

export interface CheckGrantsInit {
  readonly permissions: Permissions | undefined;
  readonly grants: Grants | undefined;
  /**
   * The plugin's configurations (its connections and sections), for `${config.host}` in patterns:
   * each is checked. Without any, `${config.host}` is covered by a wildcard or by the same text.
   */
  readonly configs?: readonly { readonly [key: string]: unknown }[];
}

/** What the manifest asks for and the deployment does not grant. */
export function checkGrants(init: CheckGrantsInit): readonly WantedPermission[] {
  const { permissions = {}, grants = {}, configs = [] } = init;
  if (grants === 'all') return [];
  const missing = kinds.flatMap((kind) =>
    (permissions[kind] ?? [])
      .filter((pattern) => !(grants[kind] ?? []).includes(pattern))
      .flatMap((pattern) => expand(pattern, configs))
      .filter(
        (wanted) =>
          !(grants[kind] ?? []).some((grant) =>
            covers(kind, withStateFolder(grant), withStateFolder(wanted)),
          ),
      )
      .map((wanted): WantedPermission => ({ kind, wanted })),
  );
  if (permissions.native === true && grants.native !== true) missing.push({ kind: 'native', wanted: 'true' });
  return missing;
}

/** `.vp/**` and `${state}/**` are the same folder, in whichever way the two sides write it. */
export function withStateFolder(pattern: string, state = '.vp'): string {
  return pattern.replaceAll(/\$\{state\}/g, () => state);
}

/** `VP_PERMISSION_NOT_GRANTED` with the edit that grants exactly what is missing. */
export function notGranted(plugin: string, missing: readonly WantedPermission[]): VpError {
  const byKind = Map.groupBy(missing, (each) => each.kind);
  const lists = [...byKind].map(([kind, each]) =>
    kind === 'native' ? 'native = true' : `${kind} = ${JSON.stringify(each.map((one) => one.wanted))}`,
  );
  return errors.VP_PERMISSION_NOT_GRANTED(
    {
      plugin,
      missing: missing
        .map((each) => (each.kind === 'native' ? 'native' : `${each.kind} ${each.wanted}`))
        .join(', '),
      edit: `[${formatKey(['plugins', plugin])}] grants = { ${lists.join(', ')} }`,
    },
    { plugin, phase: 'verify', details: { missing: missing.map((each) => ({ ...each })) } },
  );
}

/** The pattern for each configuration that has all the values it names. */
export function expand(pattern: string, configs: CheckGrantsInit['configs']): readonly string[] {
  if (!pattern.includes('${config.') || configs === undefined || configs.length === 0) return [pattern];
  return configs.flatMap((config) => {
    let isComplete = true;
    const text = pattern.replaceAll(/\$\{config\.([^}]+)\}/g, (_, path: string) => {
      const value = path.split('.').reduce<unknown>(inner, config);
      if (typeof value === 'string' || typeof value === 'number') return String(value);
      isComplete = false;
      return '';
    });
    return isComplete ? [text] : [];
  });
}

function inner(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}
