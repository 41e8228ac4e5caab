import type { Permissions } from '@vp/contracts/manifest';
import { checkGrants, type Grants, type WantedPermission } from '@vp/kernel';
import { errors } from '../errors.ts';

/** What somebody who installs allows: whatever is asked for, or these. */
export type Allowance = 'all' | Permissions;

/**
 * What a plugin asks for and vp.toml does not grant. A pattern with a configured value (`${config.host}:443`)
 * counts as granted where there is a grant of its kind that nothing else asks for: the kernel holds the two
 * together at each start, and says which value is not.
 */
export function missingGrants(
  permissions: Permissions | undefined,
  grants: Grants | undefined,
): readonly WantedPermission[] {
  return checkGrants({ permissions, grants }).filter(({ kind, wanted }) => {
    if (kind === 'native' || grants === 'all' || !isConfigured(wanted)) return true;
    const fixed = (permissions?.[kind] ?? []).filter((each) => !isConfigured(each));
    const isFor = (grant: string, each: string) =>
      checkGrants({ permissions: { [kind]: [each] }, grants: { [kind]: [grant] } }).length === 0;
    return (grants?.[kind] ?? []).every((grant) => fixed.some((each) => isFor(grant, each)));
  });
}

const isConfigured = (wanted: string) => wanted.includes('${config.');

const kinds = ['network', 'secrets', 'fs', 'subprocess', 'env'] as const;

/** Grants that stand in vp.toml once everything that was missing is allowed: nothing beyond what is asked for. */
export function withGrants(
  grants: Grants | undefined,
  missing: readonly WantedPermission[],
): Grants | undefined {
  if (missing.length === 0 || grants === 'all') return grants;
  const all: Permissions = { ...grants };
  for (const kind of kinds) {
    const more = missing.filter((each) => each.kind === kind).map(({ wanted }) => wanted);
    if (more.length > 0) all[kind] = [...new Set([...(all[kind] ?? []), ...more])];
  }
  if (missing.some(({ kind }) => kind === 'native')) all.native = true;
  return all;
}

/**
 * Grants of a plugin after `--grant`: of what it asks for, what is allowed. A pattern with a configured value
 * (`${config.host}`) is covered by any allowance of its kind: the kernel holds the two together at each start.
 *
 * @throws VpError `VP_INSTALL_NOT_GRANTED`
 */
export function allow(request: {
  readonly plugin: string;
  readonly grants: Grants | undefined;
  readonly missing: readonly WantedPermission[];
  readonly allowance: Allowance;
}): Grants | undefined {
  const { plugin, grants, missing, allowance } = request;
  if (allowance === 'all') return withGrants(grants, missing);
  const left = missing.filter(({ kind, wanted }) => {
    if (kind === 'native') return allowance.native !== true;
    const list = allowance[kind] ?? [];
    if (isConfigured(wanted) && list.length > 0) return false;
    return checkGrants({ permissions: { [kind]: [wanted] }, grants: { [kind]: list } }).length > 0;
  });
  if (left.length > 0) throw errors.VP_INSTALL_NOT_GRANTED({ plugin, missing: left.map(permissionText) });
  const given = new Set(missing.map(({ kind }) => kind));
  const added = kinds.flatMap((kind) =>
    given.has(kind) ? (allowance[kind] ?? []).map((wanted): WantedPermission => ({ kind, wanted })) : [],
  );
  const native = missing.filter(({ kind }) => kind === 'native');
  return withGrants(grants, [...added, ...native]);
}

export const permissionText = ({ kind, wanted }: WantedPermission): string =>
  kind === 'native' ? 'native' : `${kind}=${wanted}`;

/**
 * Reads `all`, `network=db:5432,fs=read:data/**,native`: a part without a kind belongs to the kind before it.
 *
 * @throws VpError `VP_INSTALL_GRANT`
 */
export function parseAllowance(texts: readonly string[]): Allowance {
  const all: Permissions = {};
  for (const text of texts) {
    if (text.trim() === 'all') return 'all';
    let kind: (typeof kinds)[number] | undefined;
    for (const part of text.split(',').map((each) => each.trim())) {
      if (part === 'native' || part === 'native=true') {
        all.native = true;
        continue;
      }
      const found = kinds.find((each) => part.startsWith(`${each}=`));
      kind = found ?? kind;
      const value = found === undefined ? part : part.slice(found.length + 1);
      if (kind === undefined || value === '') throw errors.VP_INSTALL_GRANT({ text, part });
      if (kind === 'fs' && !/^(read|write):./.test(value)) throw errors.VP_INSTALL_GRANT({ text, part });
      all[kind] = [...(all[kind] ?? []), value];
    }
  }
  return all;
}
