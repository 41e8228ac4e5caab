import type { Permissions } from '@vp/contracts/manifest';

export interface PermissionChanges {
  /** What the new version asks for and the old one did not. */
  readonly added: Permissions;
  readonly removed: Permissions;
}

const lists = ['network', 'secrets', 'fs', 'subprocess', 'env'] as const;

export function permissionChanges(before: Permissions, after: Permissions): PermissionChanges {
  return { added: beyond(after, before), removed: beyond(before, after) };
}

/** Whether a set of permissions allows nothing. */
export const isEmpty = (permissions: Permissions): boolean => Object.keys(permissions).length === 0;

/** What stands in `some` and not in `others`. */
function beyond(some: Permissions, others: Permissions): Permissions {
  const found: Permissions = {};
  for (const key of lists) {
    const more = (some[key] ?? []).filter((each) => !(others[key] ?? []).includes(each));
    if (more.length > 0) found[key] = more;
  }
  if (some.native === true && others.native !== true) found.native = true;
  return found;
}
