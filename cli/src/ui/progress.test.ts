import type { VpEvent } from '@vp/contracts';
import { expect, test } from 'vitest';
import { createRunState, eventLine, liveLines, withoutRepeats } from './progress.ts';
import { plain } from './style.ts';

const event = (more: object): VpEvent => ({ seq: 1, at: 1000, runId: 'r', ...more }) as VpEvent;

test('a running step shows what it does, how far and how fast; a finished one counts', () => {
  const state = createRunState();
  state.apply(
    event({
      type: 'run.started',
      plan: { steps: [{ action: 'run' }, { action: 'run' }, { action: 'skip' }] },
    }),
  );
  state.apply(event({ type: 'step.started', stepId: 'orders', asset: 'orders', attempt: 1 }));
  state.apply(
    event({ type: 'step.progress', stepId: 'orders', rows: 4_000_000, fraction: 0.5, activity: 'writing' }),
  );
  const lines = liveLines(state, { style: plain, now: 3000, columns: 100, frame: 0 }).split('\n');
  expect(lines[0]).toBe('  ⠋ orders  writing    50 %  4.0 M rows, 2.0 M/s  2.0 s');
  expect(lines[1]).toBe('  0 of 2 steps  0 rows  2.0 s');
  const result = {
    stepId: 'orders',
    asset: 'orders',
    status: 'succeeded',
    attempt: 1,
    startedAt: 1000,
    finishedAt: 3000,
    rows: 5,
  };
  state.apply(event({ type: 'step.finished', stepId: 'orders', result }));
  expect(liveLines(state, { style: plain, now: 3000, columns: 100, frame: 0 })).toBe(
    '  1 of 2 steps  5 rows  2.0 s',
  );
  expect(eventLine(event({ type: 'step.finished', result }), plain)).toBe('  ok   orders  5 rows  2.0 s');
});

test('no line is wider than the terminal, however long the name', () => {
  const state = createRunState();
  state.apply(event({ type: 'step.started', stepId: 'x'.repeat(300), asset: 'x', attempt: 1 }));
  for (const line of liveLines(state, { style: plain, now: 2000, columns: 50, frame: 3 }).split('\n')) {
    expect(line.length).toBeLessThanOrEqual(50);
  }
});

test('alerts that were not sent get one line for each reason, and no reason that was said before', () => {
  const failed = (alerter: string, message: string) =>
    event({ type: 'alert.failed', alerter, error: { code: 'VP_X', message } });
  const worthALine = withoutRepeats(['not granted']);
  const lines = [
    failed('webhook', 'not granted'),
    failed('webhook', 'not granted'),
    failed('mail', 'no answer'),
    failed('mail', 'no answer'),
    failed('mail', 'refused'),
  ]
    .map(worthALine)
    .map((each) => (each === undefined ? undefined : eventLine(each, plain)));
  expect(lines).toEqual([
    '  alert not sent by webhook: its plugin cannot be used, see VP_X above',
    undefined,
    '  alert not sent by mail: no answer',
    undefined,
    '  alert not sent by mail: refused',
  ]);
});
