import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VpError } from './error.ts';
import { createSecret, isSecret, isSecretRef } from './secret.ts';

test('a value is nowhere but in reveal', () => {
  fc.assert(
    fc.property(fc.uuid(), (value) => {
      const secret = createSecret({ ref: 'secret://env/X', value });
      const config = { nested: [{ password: secret, url: `pg://ana:${secret}@h` }] };
      const error = new VpError({ code: 'VP_X', class: 'config', message: `bad ${secret}`, cause: secret });
      const shown = [
        `${secret}`,
        format('%s %o %j %O', secret, config, config, config),
        inspect(config, { depth: null, showHidden: true }),
        inspect(config, { depth: null, customInspect: false, showHidden: true }),
        JSON.stringify(config),
        JSON.stringify(error),
        JSON.stringify({ ...secret }),
        Object.values(secret).join(),
        Object.getOwnPropertyNames(secret).join(),
      ];
      for (const text of shown) expect(text).not.toContain(value);
      expect(secret.reveal()).toBe(value);
    }),
  );
});

test('secrets and references are known by their brand and their form', () => {
  const secret = createSecret({ ref: 'secret://env/X', value: 'v' });
  expect(isSecret(secret)).toBe(true);
  for (const other of [null, 'v', { ...secret }, { reveal: () => 'v' }]) expect(isSecret(other)).toBe(false);
  expect(isSecretRef('secret://env/X')).toBe(true);
  for (const other of ['env/X', 'SECRET://env/X', 5, secret]) expect(isSecretRef(other)).toBe(false);
});
