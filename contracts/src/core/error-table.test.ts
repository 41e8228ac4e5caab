import { expect, expectTypeOf, test } from 'vitest';
import { exitCodes, isVpError, VpError, withErrorContext } from './error.ts';
import { defineErrors } from './error-table.ts';

const { errors, table } = defineErrors({
  VP_TEST_MISSING: {
    class: 'config',
    summary: 'Missing.',
    message: (p: { readonly path: string }) => `${p.path} is missing.`,
    hint: (p) => `Create ${p.path}.`,
  },
  VP_TEST_BUSY: { class: 'transient', summary: 'Busy.', message: () => 'busy', exitCode: 75 },
});

test('a maker fills the texts and takes the class and exit code of its row', () => {
  const error = errors.VP_TEST_MISSING(
    { path: 'a.csv' },
    { at: { file: 'vp.toml', line: 3 }, phase: 'read' },
  );
  expect(error).toMatchObject({
    code: 'VP_TEST_MISSING',
    class: 'config',
    message: 'a.csv is missing.',
    hint: 'Create a.csv.',
    exitCode: exitCodes.config,
    docs: 'errors.md#vp_test_missing',
  });
  expect(errors.VP_TEST_BUSY({}).exitCode).toBe(75);
  expectTypeOf(errors.VP_TEST_MISSING).parameter(0).toEqualTypeOf<{ readonly path: string }>();
  expect(Object.keys(table)).toEqual(['VP_TEST_MISSING', 'VP_TEST_BUSY']);
});

test('an error is JSON with its causes, and carries nothing that is not set', () => {
  const cause = errors.VP_TEST_BUSY({}, { retryAfterMs: 1500, cause: new Error('ECONNRESET') });
  const json = JSON.parse(JSON.stringify(errors.VP_TEST_MISSING({ path: 'x' }, { cause })));
  expect(json).toEqual({
    code: 'VP_TEST_MISSING',
    class: 'config',
    message: 'x is missing.',
    hint: 'Create x.',
    docs: 'errors.md#vp_test_missing',
    cause: {
      code: 'VP_TEST_BUSY',
      class: 'transient',
      message: 'busy',
      retryAfterMs: 1500,
      docs: 'errors.md#vp_test_busy',
      cause: { message: 'ECONNRESET' },
    },
  });
});

test('a code without VP_ does not compile', () => {
  const row = { class: 'user' as const, summary: 'x.', message: () => 'x' };
  // @ts-expect-error a code begins with VP_
  defineErrors({ TEST_MISSING: row });
  // @ts-expect-error one bad code among good ones is refused too
  defineErrors({ VP_TEST_GOOD: row, VPTEST: { ...row, message: (p: { path: string }) => p.path } });
  defineErrors({ VP_TEST_GOOD: row });
});

test('a chain of causes that bites its tail, or is very long, is cut', () => {
  const own = errors.VP_TEST_BUSY({});
  Object.defineProperty(own, 'cause', { value: errors.VP_TEST_BUSY({}, { cause: own }) });
  expect(own.toJSON().cause).toMatchObject({ message: 'busy', cause: { message: 'caused by itself' } });

  let deep = errors.VP_TEST_BUSY({});
  for (let i = 0; i < 50_000; i++) deep = errors.VP_TEST_BUSY({}, { cause: deep });
  const text = JSON.stringify(deep);
  expect(text.length).toBeLessThan(5_000);
  expect(text).toContain('and further causes');
});

test('an error of another copy of this package is one, a look-alike is not', () => {
  const foreign = Object.defineProperty(new Error('x'), Symbol.for('vp.error'), { value: true });
  expect(isVpError(foreign)).toBe(true);
  expect(isVpError(Object.assign(new Error('x'), { code: 'VP_X', class: 'user' }))).toBe(false);
  for (const thrown of [null, undefined, 'VpError', 5]) expect(isVpError(thrown)).toBe(false);
});

test('context fills what is not there, and the innermost wins', () => {
  const inner = errors.VP_TEST_BUSY({}, { plugin: '@vp/inner', retryAfterMs: 5 });
  const merged = withErrorContext(
    inner,
    { plugin: '@vp/outer', phase: 'discover' },
    { code: 'VP_Y', class: 'plugin' },
  );
  expect(merged).toMatchObject({ plugin: '@vp/inner', phase: 'discover', exitCode: 75, retryAfterMs: 5 });
  expect(merged.stack).toBe(inner.stack);
  const wrapped = withErrorContext('down', { phase: 'check' }, { code: 'VP_Y', class: 'plugin' });
  expect(wrapped).toMatchObject({ code: 'VP_Y', message: 'Thrown without an Error: down', cause: 'down' });
  expect(wrapped).toBeInstanceOf(VpError);
});
