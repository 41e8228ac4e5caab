import type { VpEvent } from '@vp/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../secrets/index.ts';
import { createLogger } from './logger.ts';
import { createEventStream } from './stream.ts';

function open() {
  const redactor = createRedactor();
  const stream = createEventStream({ redactor, clock: { now: () => 42 } });
  return { redactor, stream, log: createLogger({ publish: stream.publish, plugin: '@acme/x' }) };
}

test('events are numbered and dated, and arrive in that order even when a listener publishes', () => {
  const { stream, log } = open();
  const seen: string[] = [];
  stream.subscribe((event) => {
    if (event.type === 'log' && event.message === 'first') log.info('answer');
  });
  stream.subscribe((event) => seen.push(`${event.seq} ${event.type === 'log' ? event.message : ''}`));
  log.info('first');
  log.info('second');
  expect(seen).toEqual(['1 first', '2 answer', '3 second']);
});

test('a listener that throws is logged and kept, and never feeds itself', () => {
  const { stream, log } = open();
  const seen: VpEvent[] = [];
  let calls = 0;
  for (const text of ['a', 'b']) {
    stream.subscribe(() => {
      calls += 1;
      throw text;
    });
  }
  const stop = stream.subscribe((event) => seen.push(event));
  for (let i = 0; i < 50; i++) log.info('x');
  const reports = seen.filter((event) => event.type === 'log' && event.level === 'error');
  expect(reports.map((event) => event.type === 'log' && event.message)).toContain(
    'A listener failed at event log (first time): Thrown without an Error: a',
  );
  expect(reports.length).toBeLessThanOrEqual(4);
  expect(calls).toBe(2 * (50 + reports.length));
  stop();
  log.info('nobody hears it');
  expect(seen).toHaveLength(50 + reports.length);
});

test('a secret is in no event, whatever field it came by', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9"\\]{8,30}$/), (secret) => {
      const { stream, redactor, log } = open();
      redactor.add(secret);
      const lines: string[] = [];
      stream.subscribe((event) => lines.push(JSON.stringify(event)));
      log
        .with({ url: `http://u:${encodeURIComponent(secret)}@h` })
        .error(`oh ${secret}`, { [secret]: [secret, { deep: secret }] });
      const error = { code: 'VP_X', class: 'transient', message: secret, docs: '' } as const;
      stream.publish({
        type: 'step.retrying',
        stepId: 'a',
        attempt: 1,
        delayMs: 1,
        error: { ...error, cause: error },
      });
      expect(lines).toHaveLength(2);
      for (const line of lines) {
        expect(line).not.toContain(secret);
        expect(line).not.toContain(JSON.stringify(secret).slice(1, -1));
      }
    }),
  );
});

test('what an event is filed by stays, though a secret is spelled like it', () => {
  const { stream, redactor } = open();
  redactor.add('orders');
  const seen: VpEvent[] = [];
  stream.subscribe((event) => seen.push(event));
  stream.publish({ type: 'step.started', stepId: 'orders', asset: 'orders', attempt: 1 });
  expect(seen).toMatchObject([{ type: 'step.started', stepId: 'orders', asset: 'orders' }]);
});

test('lines below the least level are dropped, and fields add up', () => {
  const { stream } = open();
  const seen: VpEvent[] = [];
  stream.subscribe((event) => seen.push(event));
  const log = createLogger({ publish: stream.publish, level: 'warn', stepId: 's' });
  log.info('no');
  log.with({ a: 1 }).with({ b: 2 }).warn('yes', { c: 3 });
  expect(seen).toEqual([
    { type: 'log', seq: 1, at: 42, level: 'warn', stepId: 's', message: 'yes', fields: { a: 1, b: 2, c: 3 } },
  ]);
});

test('a password that is also a name does not unname steps, nor leave a place for itself', () => {
  const { redactor, stream } = open();
  redactor.add('orders');
  const seen: VpEvent[] = [];
  stream.subscribe((event) => seen.push(event));
  const error = { code: 'VP_X', class: 'user', message: 'wrong password orders', docs: '' } as const;
  const ids = { stepId: 'orders', asset: 'orders', status: 'failed', attempt: 1 } as const;
  const result = { ...ids, startedAt: 0, finishedAt: 0, error };
  stream.publish({ type: 'step.finished', stepId: 'orders', result });
  const step = {
    id: 'publish:orders->out',
    kind: 'publish',
    asset: 'orders',
    dependsOn: ['orders'],
    action: 'run',
    reason: { code: 'unknown', text: 'refused orders' },
    definition: 'd',
    definitionParts: {},
  } as const;
  const steps = { total: 1, succeeded: 0, failed: 0, skipped: 0, blocked: 0, cancelled: 0 };
  const run = { id: 'r', status: 'running', startedAt: 0, selection: '', pid: 1, host: 'h', steps } as const;
  stream.publish({ type: 'run.started', run, plan: { id: 'p', createdAt: 0, project: 'x', steps: [step] } });
  expect(seen).toMatchObject([
    { stepId: 'orders', result: { ...ids, error: { message: 'wrong password [redacted]' } } },
    { plan: { steps: [{ ...step, reason: { code: 'unknown', text: 'refused [redacted]' } }] } },
  ]);
});
