import { readFileSync, rmSync } from 'node:fs';
import { VpError } from '@vp/contracts';
import { expect, test, vi } from 'vitest';
import { createOutput } from '../ui/output.ts';
import { report } from './report.ts';

/** What is said, to which stream, and the exit code. */
function reported(thrown: unknown, argv: readonly string[]) {
  let stdout = '';
  let stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
  const output = createOutput({ json: argv.includes('--json') });
  output.redactWith((text) => text.replaceAll('hunter2', '[redacted]'));
  const code = report(thrown, { argv, output });
  vi.restoreAllMocks();
  return { code, stdout, stderr };
}

test('an error of ours keeps its exit code and passes redaction, as text or as JSON', () => {
  const error = new VpError({ code: 'VP_X', class: 'transient', message: 'no way in with hunter2' });
  expect(reported(error, ['run'])).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringContaining('with [redacted]'),
  });
  const { code, stdout, stderr } = reported(error, ['run', '--json']);
  expect([code, stderr]).toEqual([4, '']);
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'VP_X', class: 'transient', message: 'no way in with [redacted]', docs: 'errors.md#vp_x' },
  });
});

test('one that nobody expected leaves a report, without the values of the command line', () => {
  const { code, stdout } = reported(new TypeError('oh'), [
    'run',
    '--json',
    '--set',
    'connections.shop.password=hunter2',
  ]);
  const { error } = JSON.parse(stdout);
  expect([code, error.code]).toEqual([70, 'VP_CLI_INTERNAL']);
  const file = /The report is in (\S+);/.exec(error.hint)?.[1] ?? '';
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  expect(JSON.parse(text)).toMatchObject({ argv: ['run', '--json', '--set', 'connections.shop.password=…'] });
  expect(text).toContain('TypeError: oh');
  expect(text).not.toContain('hunter2');
});

test('an abort is an interruption, and a reader who left is no error', () => {
  expect(reported(new DOMException('This operation was aborted', 'AbortError'), ['show'])).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('VP_CLI_INTERRUPTED'),
  });
  expect(reported(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), ['query'])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});
