import type { EventInput, SecretRef, Secrets } from '@vp/contracts';
import type { Permissions } from '@vp/contracts/manifest';
import type { Grants } from '../config/index.ts';
import { errors } from './errors.ts';
import { expand, withStateFolder } from './grants.ts';
import { covers, type PatternKind } from './patterns.ts';

/** Decides, while a plugin runs, what it may do. */
export interface PermissionBroker {
  allows(kind: PatternKind, wanted: string): boolean;
  /** @throws VpError `VP_PERMISSION_DENIED`, after a `permission.denied` event */
  require(kind: PatternKind, wanted: string): void;
}

export interface PermissionBrokerInit {
  readonly plugin: string;
  readonly permissions: Permissions | undefined;
  readonly grants: Grants | undefined;
  readonly configs?: readonly { readonly [key: string]: unknown }[];
  /** `.vp` relative to the project, for `${state}` in patterns; `.vp` when left out. */
  readonly state?: string;
  publish(event: EventInput): void;
}

export function createPermissionBroker(init: PermissionBrokerInit): PermissionBroker {
  const { plugin, permissions = {}, grants = {}, state = '.vp' } = init;
  const fill = (pattern: string) => expand(withStateFolder(pattern, state), init.configs);
  const isAsked = (kind: PatternKind, wanted: string) =>
    (permissions[kind] ?? []).flatMap(fill).some((pattern) => covers(kind, pattern, wanted));
  const isGranted = (kind: PatternKind, wanted: string) =>
    grants === 'all' || (grants[kind] ?? []).flatMap(fill).some((pattern) => covers(kind, pattern, wanted));
  return {
    allows: (kind, wanted) => isAsked(kind, wanted) && isGranted(kind, wanted),
    require(kind, wanted) {
      const asked = isAsked(kind, wanted);
      if (asked && isGranted(kind, wanted)) return;
      init.publish({ type: 'permission.denied', plugin, permission: kind, wanted });
      const why = asked ? 'vp.toml does not grant it' : 'its manifest does not ask for it';
      throw errors.VP_PERMISSION_DENIED({ plugin, permission: kind, wanted, why }, { plugin });
    },
  };
}

/** The `vp.secrets` service of one plugin. */
export function pluginSecrets(init: {
  readonly broker: PermissionBroker;
  readonly secrets: Secrets;
}): Secrets {
  return {
    async get(ref: SecretRef) {
      init.broker.require('secrets', ref);
      return init.secrets.get(ref);
    },
  };
}
