import { VpError } from '@vp/contracts';
import { expect, test } from 'vitest';
import { createRedactor } from '../secrets/index.ts';
import { createDiagnostics } from './diagnostics.ts';

const fault = (message: string) =>
  new VpError({ code: 'VP_DEMO', class: 'config', message, at: { file: 'vp.toml', line: 1 } });

test('errors come first, each finding once, without secrets', () => {
  const redactor = createRedactor();
  redactor.add('hunter2');
  const diagnostics = createDiagnostics({ redactor });
  diagnostics.warn(fault('odd'));
  expect(diagnostics.hasErrors).toBe(false);
  diagnostics.error(fault('bad hunter2'));
  diagnostics.error(fault('bad hunter2'));
  expect(diagnostics.all()).toEqual([
    expect.objectContaining({
      severity: 'error',
      message: 'bad [redacted]',
      at: { file: 'vp.toml', line: 1 },
    }),
    expect.objectContaining({ severity: 'warning', message: 'odd' }),
  ]);
  expect(diagnostics.hasErrors).toBe(true);
});
