import type { Auth, AuthorizationRequest, Credentials, Identity, SecretRef } from '@vp/contracts';
import type { Disposable } from '../law.ts';

/** What an auth provider can do, as its manifest's `capabilities` say. */
export type AuthCapability = 'identity' | 'authorization' | 'secrets';

/** An auth provider under test, with things of which is known what it must say. */
export interface AuthSubject extends Disposable {
  open(): Auth | Promise<Auth>;
  /** The capabilities of the manifest. */
  readonly capabilities: readonly AuthCapability[];
  /** For `identity`. */
  readonly identities?: {
    readonly good: readonly { readonly credentials: Credentials; readonly is: Partial<Identity> }[];
    /** Credentials that are well-formed and not valid. */
    readonly bad: readonly Credentials[];
  };
  /** For `authorization`: requests with their answers, some allowed and some not. */
  readonly requests?: readonly { readonly request: AuthorizationRequest; readonly allowed: boolean }[];
  /** For `secrets`. */
  readonly secrets?: {
    /** References with their values, to the last byte. */
    readonly present: readonly { readonly ref: SecretRef; readonly value: string }[];
    /** Well-formed references of its scheme to nothing. */
    readonly missing: readonly SecretRef[];
    /** References that must never give anything: paths out of the folder, other users' secrets. */
    readonly forbidden?: readonly SecretRef[];
  };
}
