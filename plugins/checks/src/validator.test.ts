import { readFileSync } from 'node:fs';
import type { CallContext, CheckSpec, JsonObject, RuleInfo } from '@vp/plugin-sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duckdbTarget } from '../test/duckdb-target.ts';
import { rules } from './rules/index.ts';
import { createValidator } from './validator.ts';

const manifest: { vp: { contributes: { validators: [{ rules: readonly RuleInfo[] }] } } } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const infos = manifest.vp.contributes.validators[0].rules;
const now = Date.parse('2024-03-02T00:00:00Z');
const validator = createValidator({
  clock: { now: () => now, monotonic: () => 0, sleep: async () => undefined },
  rules: infos,
});
const logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => logger };
const context: CallContext = { signal: new AbortController().signal, logger, progress: () => undefined };

function check(
  rule: string,
  columns: readonly string[],
  options: JsonObject = {},
  more: Partial<CheckSpec> = {},
): CheckSpec {
  return { name: `${rule}(${columns.join(',')})`, rule, columns, options, severity: 'error', ...more };
}

const select = `SELECT * FROM (VALUES
  (1, 'a@x.org', 10.5, DATE '2024-01-01', 'open', 1),
  (2, NULL,      -3.0, DATE '2024-01-02', 'paid', 5),
  (3, '',         0.0, DATE '2024-03-01', 'lost', 4),
  (3, 'b@x.org',  7.0, NULL,              'paid', 9)) t(id, email, amount, day, status, seq)`;

async function run(checks: readonly CheckSpec[], init: Partial<Parameters<typeof duckdbTarget>[0]> = {}) {
  using target = await duckdbTarget({ select, ...init });
  return { results: await validator.validate({ target, checks, sampleSize: 2 }, context), target };
}

describe('rules', () => {
  test('the manifest describes exactly the rules that there are', () => {
    expect(infos.map((r) => r.id).sort()).toEqual(Object.keys(rules).sort());
    expect(infos.length).toBeGreaterThanOrEqual(20);
  });

  // Each rule once where it holds and once where it does not: [rule, columns, options, failures].
  test.each<[string, string[], JsonObject, number]>([
    ['not_null', ['id'], {}, 0],
    ['not_null', ['email'], {}, 1],
    ['not_null', ['email', 'day'], {}, 2],
    ['unique', ['seq'], {}, 0],
    ['unique', ['id'], {}, 1],
    ['unique', ['id', 'status'], {}, 0],
    ['unique', ['email'], {}, 0],
    ['not_empty', ['status'], {}, 0],
    ['not_empty', ['email'], {}, 1],
    ['positive', ['id'], {}, 0],
    ['positive', ['amount'], {}, 2],
    ['accepted_values', ['status'], { values: ['open', 'paid', 'lost'] }, 0],
    ['accepted_values', ['status'], { values: ['open'] }, 3],
    ['rejected_values', ['status'], { values: ["o'hara"] }, 0],
    ['rejected_values', ['status'], { values: ['paid'] }, 2],
    ['between', ['amount'], { min: -3, max: 10.5 }, 0],
    ['between', ['amount'], { min: -3, max: 10.5, exclusive: true }, 2],
    ['between', ['day'], { min: '2024-01-02' }, 1],
    ['length_between', ['status'], { min: 4, max: 4 }, 0],
    ['length_between', ['email'], { min: 1 }, 1],
    ['matches', ['status'], { pattern: '[a-z]+' }, 0],
    ['matches', ['email'], { pattern: '.+@.+' }, 1],
    ['not_matches', ['status'], { pattern: 'op' }, 0],
    ['not_matches', ['status'], { pattern: 'p.*' }, 2],
    ['expression', [], { sql: 'amount < 100' }, 0],
    ['expression', [], { sql: 'amount > 0' }, 2],
    ['compare', ['seq'], { operator: '>=', other: 'id' }, 0],
    ['compare', ['seq'], { operator: '<', other: 'amount' }, 3],
    ['monotonic', ['id'], { by: 'id' }, 0],
    ['monotonic', ['seq'], { by: 'day' }, 1],
    ['references', ['id'], { asset: 'customers', column: 'id' }, 0],
    ['references', ['seq'], { asset: 'customers', column: 'id' }, 3],
    ['row_count', [], { min: 4, max: 4 }, 0],
    ['row_count', [], { min: 5 }, 1],
    ['distinct_count', ['status'], { max: 3 }, 0],
    ['distinct_count', ['status'], { min: 4 }, 1],
    ['sum_between', ['seq'], { min: 19, max: 19 }, 0],
    ['sum_between', ['seq'], { max: 18 }, 1],
    ['mean_between', ['id'], { min: 2, max: 3 }, 0],
    ['mean_between', ['id'], { min: 3 }, 1],
    ['stddev_between', ['id'], { max: 1 }, 0],
    ['stddev_between', ['id'], { max: 0.1 }, 1],
    ['null_fraction', ['email'], { max: 0.25 }, 0],
    ['null_fraction', ['email'], { max: 0.2 }, 1],
    ['fresh', ['day'], { max_age: '1d' }, 0],
    ['fresh', ['day'], { max_age: '23h' }, 1],
    ['no_duplicate_rows', [], {}, 0],
  ])('%s(%j) with %j: %i failures', async (rule, columns, options, failures) => {
    const { results } = await run([check(rule, columns, options)], {
      related: { customers: 'SELECT * FROM range(1, 4) t(id)' },
    });
    expect(results[0]).toMatchObject({ status: failures === 0 ? 'passed' : 'failed', failures });
  });

  test('no_duplicate_rows finds a row that stands twice, NULLs included', async () => {
    const { results } = await run([check('no_duplicate_rows', [])], {
      select: `${select} UNION ALL ${select}`,
    });
    expect(results[0]).toMatchObject({ status: 'failed', failures: 4, sample: [{ '(times)': '2' }, {}] });
  });
});

describe('validate', () => {
  test('all checks of an asset are one statement, and one more for each sample', async () => {
    const { results, target } = await run([
      check('not_null', ['email']),
      check('unique', ['id']),
      check('row_count', [], { min: 1 }),
      check('between', ['amount'], { min: 0 }, { where: "status = 'paid'" }),
    ]);
    expect(results.map((r) => r.failures)).toEqual([1, 1, 0, 1]);
    expect(target.statements).toHaveLength(4);
  });

  test('where limits the rows that are looked at, for every kind of rule', async () => {
    const where = "status = 'paid'";
    const { results } = await run([
      check('not_null', ['day'], {}, { where }),
      check('unique', ['status'], {}, { where }),
      check('row_count', [], { min: 2, max: 2 }, { where }),
      check('null_fraction', ['email'], { max: 0.5 }, { where }),
      check('not_null', ['id'], {}, { where: "day > DATE '2024-01-01'" }),
    ]);
    expect(results.map((r) => [r.rows, r.failures])).toEqual([
      [2, 1],
      [2, 1],
      [2, 0],
      [2, 0],
      [2, 0],
    ]);
  });

  test('tolerance lets a part of the rows fail', async () => {
    const { results } = await run([
      check('not_null', ['email'], {}, { tolerance: 0.25 }),
      check('not_null', ['email'], {}, { tolerance: 0.24 }),
    ]);
    expect(results.map((r) => r.status)).toEqual(['passed', 'failed']);
  });

  test('a sample shows failing rows, and never the value of a pii column', async () => {
    const { results } = await run([check('positive', ['amount'])], { pii: ['email'] });
    expect(results[0]?.sample).toEqual([
      { amount: '-3.0', id: '2', email: null, day: '2024-01-02', status: 'paid', seq: '5' },
      { amount: '0.0', id: '3', email: '[masked]', day: '2024-03-01', status: 'lost', seq: '4' },
    ]);
  });

  test('a sample is the same in each run: the first by value, the most repeated first', async () => {
    const many = `SELECT (i * 7919) % 100000 AS id, i % 3 AS kind FROM range(100000) t(i) UNION ALL SELECT 5, 1 UNION ALL SELECT 9, 0 UNION ALL SELECT 9, 0`;
    const { results } = await run([check('between', ['id'], { max: 99_990 }), check('unique', ['id'])], {
      select: many,
    });
    expect(results[0]?.sample?.map((row) => row.id)).toEqual(['99991', '99992']);
    expect(results[1]?.sample).toEqual([
      { id: '9', '(times)': '3' },
      { id: '5', '(times)': '2' },
    ]);
  });

  test('a message leads with what the check is about, and counts can be read', async () => {
    const { results } = await run(
      [
        check('between', ['id'], { max: 9 }, { description: 'Ids have one digit.' }),
        check('row_count', [], { max: 9 }, { description: 'A handful of rows' }),
        check('between', ['id'], { max: 9 }),
      ],
      { select: 'SELECT i AS id FROM range(12000) t(i)' },
    );
    expect(results.map((r) => r.message)).toEqual([
      'Ids have one digit: 11,990 of 12,000 rows (99.92 %) are not at most 9.',
      expect.stringMatching(/^A handful of rows: 12000, expected /),
      expect.stringMatching(/^between\(id\): 11,990 of 12,000 rows/),
    ]);
  });

  test('one check that cannot be evaluated is an error with its reason; the others still count', async () => {
    const { results } = await run([
      check('not_null', ['email']),
      check('expression', [], { sql: 'amonut > 0' }),
      check('not_null', ['emial']),
      check('fresh', ['day'], { max_age: 'yesterday' }),
      check('uniqe', ['id']),
    ]);
    expect(results.map((r) => r.status)).toEqual(['failed', 'error', 'error', 'error', 'error']);
    expect(results[1]?.message).toContain('amonut');
    expect(results[2]?.message).toContain('there is no column "emial"');
    expect(results[3]?.message).toContain('36h');
    expect(results[4]?.message).toContain('"uniqe"');
  });

  test('an empty relation passes row rules and is seen by row_count', async () => {
    const { results } = await run(
      [
        check('not_null', ['id']),
        check('mean_between', ['id'], { min: 5 }),
        check('row_count', [], { min: 1 }),
      ],
      {
        select: `${select} LIMIT 0`,
      },
    );
    expect(results.map((r) => r.status)).toEqual(['passed', 'passed', 'failed']);
  });

  test('any text is a value, never SQL', async () => {
    using target = await duckdbTarget({ select });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\0')),
        async (value) => {
          const results = await validator.validate(
            { target, checks: [check('accepted_values', ['status'], { values: [value] })], sampleSize: 0 },
            context,
          );
          expect(results[0]?.failures).toBe(['open', 'lost'].includes(value) ? 3 : value === 'paid' ? 2 : 4);
        },
      ),
      { numRuns: 50 },
    );
  });
});
