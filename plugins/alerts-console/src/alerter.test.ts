import { Writable } from 'node:stream';
import type { Alert } from '@vp/plugin-sdk';
import { testContext } from '@vp/plugin-sdk/testing';
import { expect, test, vi } from 'vitest';
import { createConsoleAlerter } from './alerter.ts';
import type { ConsoleAlerterConfig } from './config.ts';

const alert: Alert = {
  key: 'check:orders:not_null(id)',
  state: 'firing',
  severity: 'error',
  title: 'orders: not_null(id) failed',
  text: '3 of 100 rows have no id.',
  at: Date.UTC(2026, 0, 1, 12),
  since: Date.UTC(2026, 0, 1, 11),
  count: 4,
  project: 'shop',
  environment: 'prod',
  runId: 'r1',
  owner: 'ana',
};

async function print(alerts: readonly Alert[], config: ConsoleAlerterConfig = {}): Promise<string> {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  await createConsoleAlerter({ config, stream }).send(alerts, testContext());
  return chunks.join('');
}

test('says what, where, since when and where to look', async () => {
  expect(await print([alert])).toBe(
    [
      'ERROR orders: not_null(id) failed (shop/prod)',
      '  3 of 100 rows have no id.',
      '  4 times · since 2026-01-01 11:00:00 UTC · owner ana · vp runs show r1',
      '',
    ].join('\n'),
  );
  expect(await print([{ ...alert, state: 'resolved' }])).toMatch(/^RESOLVED orders/);
});

test('colours only what is asked for', async () => {
  vi.stubEnv('FORCE_COLOR', '1');
  expect(await print([alert])).toContain('\u001b[31mERROR\u001b[39m');
  vi.stubEnv('FORCE_COLOR', undefined);
  vi.stubEnv('NO_COLOR', '1');
  expect(await print([alert])).not.toContain('\u001b');
});

test('data in an alert cannot steer the terminal', async () => {
  const text = await print([
    { ...alert, title: 'a\u001b[2Jb\u0007c\u009bd', text: 'x\r\ny\u001b]0;title\u0007z' },
  ]);
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(text).toContain('\n  x\n');
});

test('as JSON, one line an alert', async () => {
  const lines = (await print([alert, { ...alert, key: 'b' }], { format: 'json' })).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { type: 'alert', ...alert },
    { type: 'alert', ...alert, key: 'b' },
  ]);
});

test('a stream whose reader is gone rejects, and takes nobody along', async () => {
  const stream = new Writable({ write: (_, __, done) => done(new Error('EPIPE')) });
  const alerter = createConsoleAlerter({ config: {}, stream });
  await expect(alerter.send([alert], testContext())).rejects.toMatchObject({
    code: 'VP_ALERTS_CONSOLE_WRITE',
    message: '1 alerts could not be written to stderr: EPIPE.',
  });
  expect(await alerter.check?.(testContext())).toEqual({ ok: false, message: 'stderr is closed' });
});
