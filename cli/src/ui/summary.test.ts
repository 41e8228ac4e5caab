import type { RunSummary, StepResult } from '@vp/contracts';
import { expect, test } from 'vitest';
import { plain } from './style.ts';
import { nextCommands, summaryView } from './summary.ts';

const result = (stepId: string, more: Partial<StepResult> = {}): StepResult => ({
  stepId,
  asset: stepId.split('@')[0] ?? stepId,
  status: 'succeeded',
  attempt: 1,
  startedAt: 0,
  finishedAt: 1000,
  ...more,
});

function summary(status: RunSummary['run']['status'], results: readonly StepResult[]): RunSummary {
  const of = (wanted: StepResult['status']) => results.filter((each) => each.status === wanted).length;
  const [succeeded, failed, skipped] = [of('succeeded'), of('failed'), of('skipped')];
  const steps = {
    total: results.length,
    succeeded,
    failed,
    skipped,
    blocked: of('blocked'),
    cancelled: of('cancelled'),
  };
  return {
    run: { id: 'r1', status, startedAt: 0, finishedAt: 2000, selection: '', pid: 1, host: 'h', steps },
    results,
  };
}

const view = (run: RunSummary) => summaryView({ summary: run, style: plain, project: '/projects/shop' });

test('partitions of an asset are one line, with what they have in common', () => {
  const months = [1, 2].map((month) =>
    result(`flights@date=2001-0${month}`, {
      rows: 1000 * month,
      startedAt: month * 100,
      finishedAt: month * 100 + 500,
      location: `/projects/shop/.vp/data/flights/${month}/snap`,
    }),
  );
  expect(view(summary('succeeded', months))).toMatch(
    /flights \(2 partitions\) +ok +3,000 +600 ms +\.vp\/data\/flights\n/,
  );
});

test('the checks of a failed step stand below it, and warnings of others after them', () => {
  const check = {
    check: 'c',
    rule: 'c',
    columns: [],
    severity: 'error',
    status: 'failed',
    rows: 1,
    failures: 1,
    message: 'bad',
  } as const;
  const error = { code: 'VP_X', class: 'data', message: 'no', docs: 'd' } as const;
  const text = view(
    summary('failed', [
      result('calm', { checks: [{ ...check, severity: 'warn' }] }),
      result('orders', { status: 'failed', error, checks: [check] }),
      result('daily', { status: 'failed', error }),
    ]),
  );
  expect(text.match(/(FAILED|check failed|warning) (calm|orders|daily)/g)).toEqual([
    'FAILED orders',
    'check failed orders',
    'FAILED daily',
    'warning calm',
  ]);
});

test('a failed check shows its rows; a failed step its remedy; and what is next fits what happened', () => {
  const check = {
    check: 'not_null(id)',
    rule: 'not_null',
    columns: ['id'],
    severity: 'error',
    status: 'failed',
    rows: 10,
    failures: 1,
    message: '1 of 10 rows has no id.',
    sample: [{ id: null, name: 'a\nb' }],
  } as const;
  const error = { code: 'VP_X', class: 'data', message: 'no\ngood', hint: 'Mend it.', docs: 'd' } as const;
  const failed = summary('failed', [
    result('orders', { status: 'failed', error, checks: [check] }),
    result('daily', { status: 'failed', error: { ...error, at: { file: 'data/a.csv', row: 3, byte: 17 } } }),
    result('weekly', { status: 'blocked' }),
  ]);
  const text = view(failed);
  expect(text).toMatch(/orders +FAILED +1 failed/);
  expect(text).toContain('FAILED orders VP_X\n    next Mend it.');
  expect(text).toContain(
    'FAILED daily VP_X\n    no\n    good\n    at data/a.csv, row 3, byte 17\n    next Mend it.',
  );
  expect(text).toContain(
    'check failed orders: not_null(id)  1 of 10 rows has no id.\n    id    name\n    null  a\\nb',
  );
  expect(text).toContain('Run r1 failed in 2.0 s: 2 failed, 1 blocked');
  expect(nextCommands(failed).map(([command]) => command)).toEqual([
    'vp runs show r1',
    'vp runs logs r1',
    'vp run --from-failed',
  ]);
  const stopped = summary('failed', [result('orders', { status: 'cancelled' })]);
  expect(view({ ...stopped, run: { ...stopped.run, error } })).toContain('FAILED the run VP_X\n    no\n');
  const good = summary('succeeded', [
    result('orders', { rows: 1 }),
    result('publish:orders->csv', { asset: 'orders', rows: 1 }),
  ]);
  expect(nextCommands(good)[0]?.[0]).toBe('vp show orders');
});

test('of thousands of assets only those that did not go well get a line', () => {
  const results = Array.from({ length: 1000 }, (_, index) =>
    result(`a${index}`, index === 7 ? { status: 'failed' } : {}),
  );
  const lines = view(summary('failed', results)).split('\n');
  expect(lines.filter((line) => /^ {2}a\d/.test(line))).toEqual([expect.stringContaining('a7 ')]);
  expect(lines.join('\n')).toContain('999 more assets: vp runs show r1 --json');
});

test('the name of a check that warned stands there once', () => {
  const check = {
    check: 'between(delay)',
    rule: 'between',
    columns: ['delay'],
    severity: 'warn',
    status: 'failed',
    rows: 10,
    failures: 3,
    message: 'between(delay): 3 of 10 rows (30.00 %) are not at least -120.',
  } as const;
  expect(view(summary('succeeded', [result('flights', { checks: [check] })]))).toContain(
    'warning flights: between(delay)  3 of 10 rows',
  );
});
