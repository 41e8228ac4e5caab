import type { Secret, SecretRef } from '@vp/contracts';

/** A secret by its brand, as `createSecret` of the contracts makes it. */
export function makeSecret(ref: string, value: string): Secret {
  return Object.defineProperties(
    // The host sends no other.
    { ref: ref as SecretRef, reveal: () => value, toString: () => '[secret]', toJSON: () => '[secret]' },
    {
      [Symbol.for('vp.secret')]: { value: true },
      [Symbol.for('nodejs.util.inspect.custom')]: { value: () => '[secret]' },
    },
  );
}
