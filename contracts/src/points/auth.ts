import type { SecretRef } from '../core/secret.ts';
import { createExtensionPoint } from '../plugin/extension-point.ts';
import type { CallContext, CheckReport } from './call.ts';

/** Who acts: a person, a service or the local user. */
export interface Identity {
  /** Stable within the provider: `local:ana`, `oidc:8f2c…`. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly groups: readonly string[];
  /** Contribution id of the auth provider. */
  readonly provider: string;
}

/** What a request brings to prove who it is from. */
export interface Credentials {
  readonly kind: 'local' | 'bearer' | 'basic' | 'session';
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
}

/** What somebody wants to do. */
export interface AuthorizationRequest {
  readonly identity: Identity;
  /** Dotted verb: `asset.run`, `asset.read`, `plugin.install`. */
  readonly action: string;
  /** `asset:orders`, `connection:shop`, `*`. */
  readonly resource: string;
}

/** Whether it is allowed, and the rule that says so. */
export interface AuthorizationResult {
  readonly allowed: boolean;
  readonly reason: string;
}

/**
 * Identity, permission and secrets. A provider does one or more of them and says which in its
 * manifest's `capabilities`:
 *
 * | capability | method | the host calls it |
 * |---|---|---|
 * | `identity` | `identify` | once for each session or request |
 * | `authorization` | `authorize` | before each action; every provider that has it must allow |
 * | `secrets` | `secret` | at the first use of a reference with one of its `schemes` |
 * | `audit` | `audit` | after each decision, allowed or not; all providers that have it |
 */
export interface Auth {
  check?(context: CallContext): Promise<CheckReport>;
  /** Who the credentials belong to; `undefined` when they are not valid. */
  identify?(credentials: Credentials, context: CallContext): Promise<Identity | undefined>;
  authorize?(request: AuthorizationRequest, context: CallContext): Promise<AuthorizationResult>;
  /**
   * The value of `secret://<scheme>/…`, where the scheme is one of the contribution's
   * `schemes`; `undefined` when there is none of that name.
   */
  secret?(ref: SecretRef, context: CallContext): Promise<string | undefined>;
  /**
   * Records who did what (`at`: milliseconds since the epoch), in a place that whoever is audited
   * cannot rewrite. Resolves when the entry is durable; may be called again with an entry that was
   * recorded already, and must not lose one when called at the same time. When it rejects, the host
   * does not carry out an action that was allowed: what cannot be audited does not happen.
   */
  audit?(
    entry: AuthorizationRequest & AuthorizationResult & { readonly at: number },
    context: CallContext,
  ): Promise<void>;
}

/** Extension point `auth@1`. */
export const authPoint = createExtensionPoint<Auth>({ id: 'auth', major: 1 });
