import type { Auth, Credentials } from '@vp/contracts';
import { testContext } from '../../testing/test-context.ts';
import { ensure } from '../ensure.ts';
import type { AuthCapability, AuthSubject } from './subject.ts';

/** Why a law on a capability does not apply, or `undefined`. */
export const lacks = (capability: AuthCapability) => (subject: AuthSubject) =>
  subject.capabilities.includes(capability) ? undefined : `it has no ${capability}`;

export const identify = async (auth: Auth, credentials: Credentials) =>
  auth.identify?.(credentials, testContext());

/** The subject's examples of a capability; without them nothing would be shown. */
export function examples<T>(given: T | undefined, name: string): T {
  ensure(given !== undefined, `give the subject \`${name}\``);
  return given;
}
