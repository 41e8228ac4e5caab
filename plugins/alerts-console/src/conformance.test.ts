import { Writable } from 'node:stream';
import { alerterKit, conformance } from '@vp/plugin-sdk/testing';
import { createConsoleAlerter } from './alerter.ts';
import type { ConsoleAlerterConfig } from './config.ts';

const subject = (format: NonNullable<ConsoleAlerterConfig['format']>) => () => {
  const delivered: string[] = [];
  const open = (stream: Writable) => createConsoleAlerter({ config: { format }, stream });
  return {
    open: () =>
      open(
        new Writable({
          write(chunk, _, done) {
            delivered.push(String(chunk));
            done();
          },
        }),
      ),
    openDown: () => open(new Writable({ write: (_, __, done) => done(new Error('EPIPE')) })),
    delivered: () => delivered,
  };
};

for (const format of ['text', 'json'] as const) {
  conformance(alerterKit, {
    id: 'console',
    variant: format,
    from: import.meta.dirname,
    create: subject(format),
  });
}
