import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VpError } from '@vp/contracts';
import { afterAll, expect, test } from 'vitest';
import { errorView } from './error-view.ts';
import { plain } from './style.ts';

const base = mkdtempSync(join(tmpdir(), 'vp-error-'));
afterAll(() => rmSync(base, { recursive: true }));

const docs = '/vp/docs/errors.md';
const view = (error: VpError) => errorView({ error: error.toJSON(), style: plain, base, docs });

test('without an installed page of the codes none is named', () => {
  const error = new VpError({ code: 'VP_X', class: 'user', message: 'No.' }).toJSON();
  expect(errorView({ error, style: plain, base })).toBe('error VP_X\n  No.');
});

test('code, message, place with the lines around, cause and remedy', () => {
  writeFileSync(join(base, 'vp.toml'), 'one\n\ttwo\nthree\nfour\n');
  const cause = new Error('deep down');
  const error = new VpError({
    code: 'VP_X',
    class: 'config',
    message: 'It is wrong.',
    hint: 'Mend it.',
    plugin: 'acme@1.0.0',
    phase: 'activate',
    at: { file: 'vp.toml', line: 2, column: 3, pointer: '/a' },
    cause: new VpError({ code: 'VP_Y', class: 'data', message: 'Inside.', cause }),
  });
  expect(view(error).split('\n')).toEqual([
    'error VP_X (acme@1.0.0, activate)',
    '  It is wrong.',
    '  at vp.toml:2:3, /a',
    '    1 | one',
    '  > 2 |  two',
    '      |   ^',
    '    3 | three',
    '  because VP_Y: Inside.',
    '  because deep down',
    'next  Mend it.',
    'docs  /vp/docs/errors.md#vp_x',
  ]);
});

test('a cause that says nothing new is left out, and so is the excerpt of a file that is gone', () => {
  const error = new VpError({
    code: 'VP_X',
    class: 'user',
    message: 'Reading failed: no such file',
    at: { file: 'gone.csv', line: 4, row: 3, byte: 99 },
    cause: new Error('no such file'),
  });
  expect(view(error).split('\n')).toEqual([
    'error VP_X',
    '  Reading failed: no such file',
    '  at gone.csv:4, row 3, byte 99',
    'docs  /vp/docs/errors.md#vp_x',
  ]);
});

test('what DuckDB says as JSON is read out, or left out when it names nothing new', () => {
  const engine = (said: string) =>
    view(
      new VpError({
        code: 'VP_X',
        class: 'user',
        message: 'There is no column "kindd".',
        cause: new Error(JSON.stringify({ exception_type: 'Binder', exception_message: said })),
      }),
    ).split('\n');
  expect(engine('Referenced column "kindd" not found')).toHaveLength(3);
  expect(engine('The disk is full')).toContain('  because The disk is full');
  expect(engine('Table "t" has no column "kindd"')).toContain('  because Table "t" has no column "kindd"');
});
