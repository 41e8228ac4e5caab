import { expect, test } from 'vitest';
import { describeThrown, VpError } from './error.ts';

test('whatever a plugin throws has a text', () => {
  const hostile = {
    toString() {
      throw new Error('no');
    },
  };
  expect(describeThrown(new Error('down'))).toBe('down');
  expect(describeThrown('just a text')).toBe('Thrown without an Error: just a text');
  expect(describeThrown(undefined)).toBe('Thrown without an Error: undefined');
  expect(describeThrown(Object.create(null))).toBe('Thrown without an Error: [object Object]');
  expect(describeThrown(hostile)).toBe('Thrown without an Error: [object Object]');
});

test('a cause that is no Error survives JSON', () => {
  const error = new VpError({
    code: 'VP_X',
    class: 'plugin',
    message: 'It failed.',
    cause: Object.create(null),
  });
  expect(error.toJSON().cause).toEqual({ message: 'Thrown without an Error: [object Object]' });
});
