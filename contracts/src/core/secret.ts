const VP_SECRET = Symbol.for('vp.secret');

/**
 * A reference to a secret: `secret://<provider>/<path>`, e.g. `secret://env/PG_PASSWORD`. The
 * reference may be written down and printed; the value may not.
 */
export type SecretRef = `secret://${string}`;

/** Whether `value` is the text of a secret reference. */
export function isSecretRef(value: unknown): value is SecretRef {
  return typeof value === 'string' && value.startsWith('secret://');
}

/**
 * A secret's value behind a handle that prints as `[secret]` in logs, JSON, templates and
 * `console.log`. Call {@link Secret.reveal} at the last moment, where the driver needs it.
 *
 * @example
 * ```ts
 * import { createSecret } from '@vp/contracts';
 * const password = createSecret({ ref: 'secret://env/PG_PASSWORD', value: 'hunter2' });
 * console.log(`${password}`); // [secret]
 * const forTheDriver = password.reveal();
 * ```
 */
export interface Secret {
  readonly ref: SecretRef;
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

/** Makes a {@link Secret}. The value lives in a closure and cannot be enumerated or inspected. */
export function createSecret(init: { readonly ref: SecretRef; readonly value: string }): Secret {
  const { ref, value } = init;
  return Object.defineProperties(
    {
      ref,
      reveal: () => value,
      toString: () => '[secret]',
      toJSON: () => '[secret]',
    },
    {
      [VP_SECRET]: { value: true },
      [Symbol.for('nodejs.util.inspect.custom')]: { value: () => '[secret]' },
    },
  );
}

/** Whether `value` is a {@link Secret} of any copy of this package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && VP_SECRET in value;
}
