import { afterAll, describe, expect, test } from 'vitest';
import { bugs, healthy } from './fixtures/seeded-bugs/index.ts';

describe('no false alarms', () => {
  test.for(healthy)('$kind: $name keeps every law', async ({ broken }) => {
    expect((await broken()).map((law) => law.error?.message)).toEqual([]);
  });
});

describe('seeded bugs', () => {
  const caught: string[] = [];
  const missed: string[] = [];

  test.for(bugs)('$kind: $name', { timeout: 30_000 }, async ({ kind, name, broken }) => {
    const laws = await broken();
    const line = `${kind}: ${name}`;
    if (laws.length === 0) missed.push(line);
    else caught.push(`${line} — ${laws.map(({ id }) => id).join(' ')}`);
  });

  test('there are 30 of them, all different, and at least 29 are caught', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(30);
    expect(missed.length, `missed: ${missed.join(', ')}`).toBeLessThanOrEqual(1);
    expect(caught.length).toBeGreaterThanOrEqual(29);
  });

  afterAll(() => {
    const list = [...caught, ...missed.map((line) => `${line} — MISSED`)].map((line) => `  ${line}`);
    process.stdout.write(`seeded bugs: caught ${caught.length} of ${bugs.length}\n${list.join('\n')}\n`);
  });
});
