import type { Plan, PlanStep } from '@vp/contracts';
import { expect, test } from 'vitest';
import { planView } from './plan-view.ts';
import { plain } from './style.ts';

const step = (id: string, more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  kind: 'materialize',
  asset: id.split('@')[0] ?? id,
  dependsOn: [],
  action: 'run',
  reason: { code: 'new', text: 'was never computed' },
  definition: 'x',
  definitionParts: {},
  engine: 'duckdb',
  ...more,
});

const plan = (steps: readonly PlanStep[]): Plan => ({ id: 'p', createdAt: 0, project: 'shop', steps });

test('partitions with the same fate share a line; others do not', () => {
  const months = ['2001-01', '2001-02', '2001-03'].map((date) =>
    step(`flights@date=${date}`, { partition: { date } }),
  );
  const fresh = step('flights@date=2001-04', {
    partition: { date: '2001-04' },
    action: 'skip',
    reason: { code: 'fresh', text: 'nothing changed' },
  });
  const text = planView({
    plan: plan([...months, fresh, step('orders', { path: 'files csv -> duckdb' })]),
    style: plain,
    why: false,
  });
  expect(text.split('\n')).toEqual([
    'shop: 4 steps to run, 1 step up to date',
    '',
    '        asset                                            why    engine  path',
    '  run   flights (3 partitions, date=2001-01 to 2001-03)  new    duckdb',
    '  skip  flights (date=2001-04)                           fresh  duckdb',
    '  run   orders                                           new    duckdb  files csv -> duckdb',
  ]);
});

test('--why adds the reason, and what changed where the reason does not name it', () => {
  const reason = { code: 'changed', text: 'changed: code', changes: ['code', 'input orders'] } as const;
  expect(planView({ plan: plan([step('daily', { reason })]), style: plain, why: true })).toContain(
    'changed: code (input orders)',
  );
});
