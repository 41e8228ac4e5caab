import type { Validator } from '@vp/contracts';
import { t, toTableSchema, VpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import { rowRules } from '../../test/support/memory-movers.ts';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  positive,
  sourceAsset,
  sqlAsset,
  statusesOf,
  task,
} from '../../test/support/project.ts';

const tables = () => ({ orders: [{ id: 1n }, { id: 2n }] });
const schema = toTableSchema({ id: t.int64() });
const checked = pipelineOf([
  sourceAsset('orders', 'orders', { schema, checks: [positive('id')] }),
  sqlAsset('clean', ['orders'], 'select * from {orders}'),
]);

describe('write, audit, publish', () => {
  test('data that breaks a check is not published, its reader is blocked, the last good data stays', async () => {
    const project = createTestProject({ tables: tables() });
    await project.run(checked);
    project.source.tables.orders = [{ id: -7n }];
    const { run, results } = await project.run(checked);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'VP_CHECKS_FAILED', class: 'data' } });
    expect(results.map((r) => r.status)).toEqual(['failed', 'blocked']);
    expect(results[0]?.error?.message).toContain('positive(id): 1 rows break positive.');
    expect(results[0]?.error?.message).toContain('{"id":"-7"}');
    expect(results[0]?.checks).toMatchObject([{ check: 'positive(id)', status: 'failed' }]);
    expect(project.engine.calls).toMatchObject({ discard: 1, commit: 2 });
    const [orders] = await project.engine.snapshots(['orders']);
    expect(project.engine.rows(`select * from "${orders?.id}"`)).toEqual([{ id: 1n }, { id: 2n }]);
    expect(project.published.filter((e) => e.type === 'check.finished')).toHaveLength(2);
    expect(project.source.log.filter((line) => line.startsWith('acknowledge'))).toHaveLength(1);
  });

  test('checks that cannot be evaluated are the fault of the pipeline, not of rows', async () => {
    const validator: Validator = {
      rules: () => [],
      validate: async ({ checks }) =>
        checks.map(({ name: check, rule, columns, severity }) => {
          const message = 'There is no column "dat".';
          return { check, rule, columns, severity, status: 'error', rows: 0, failures: 0, message };
        }),
    };
    const project = createTestProject({
      tables: tables(),
      contributions: [{ point: 'validator', id: 'rows', instance: validator, manifest: { rules: rowRules } }],
    });
    const { results } = await project.run(checked);
    expect(results[0]?.error).toMatchObject({
      code: 'VP_CHECKS_NOT_EVALUATED',
      class: 'config',
      message: 'A check of "orders" could not be evaluated: positive(id): There is no column "dat".',
      hint: 'Nothing was published. Correct the check, then run again: vp run orders+',
    });
  });

  test('a warning is reported and publishes', async () => {
    const project = createTestProject({ tables: { orders: [{ id: -1n }] } });
    const warn = pipelineOf([
      sourceAsset('orders', 'orders', { checks: [positive('id', { severity: 'warn' })] }),
    ]);
    const { run, results } = await project.run(warn);
    expect(run.status).toBe('succeeded');
    expect(results[0]?.checks).toMatchObject([{ status: 'failed', severity: 'warn' }]);
  });

  test('columns that do not fit the declared schema are told one by one', async () => {
    const project = createTestProject({ tables: { orders: [{ id: 'a', extra: 1n, nam: 'x' }] } });
    const declared = toTableSchema({ id: t.int64(), name: t.text() });
    const { results } = await project.run(
      pipelineOf([sourceAsset('orders', 'orders', { schema: declared })]),
    );
    expect(results[0]?.error).toMatchObject({
      code: 'VP_SCHEMA_MISMATCH',
      at: { file: 'pipeline.ts' },
      details: {
        problems: [
          'column "id" is utf8, declared int64',
          'column "name" (utf8) is missing; the data has "nam"',
          'column "extra" (int64) is not declared',
          'column "nam" (utf8) is not declared',
        ],
      },
    });
  });

  test('NULL in a column declared NOT NULL fails without a check', async () => {
    const project = createTestProject({ tables: { orders: [{ id: 1n }, { id: null }] } });
    const { results } = await project.run(pipelineOf([sourceAsset('orders', 'orders', { schema })]));
    expect(results[0]?.error?.message).toContain('schema:not_null(id): 1 of 2 rows have NULL in "id"');
  });

  test('samples do not show columns tagged pii', async () => {
    const project = createTestProject({ tables: { orders: [{ id: -1n, mail: 'a@b.c' }] } });
    const secret = toTableSchema({ id: t.int64(), mail: t.text().nullable().tag('pii') });
    const asset = sourceAsset('orders', 'orders', { schema: secret, checks: [positive('id')] });
    const { results } = await project.run(pipelineOf([asset]));
    expect(results[0]?.checks?.[0]?.sample).toEqual([{ id: '-1', mail: '[masked]' }]);
    expect(JSON.stringify(project.published)).not.toContain('a@b.c');
  });

  test('a changed schema is an event', async () => {
    const project = createTestProject({ tables: tables() });
    const plain = pipelineOf([sourceAsset('orders')]);
    await project.run(plain);
    project.source.tables.orders = [{ nr: 'a' }];
    await project.run(plain);
    expect(project.published.find((e) => e.type === 'schema.changed')).toMatchObject({
      changes: ['added nr utf8', 'removed id'],
    });
  });
});

describe('a validator that gives garbage', () => {
  const good = { check: 'x', status: 'passed', rows: 1, failures: 0, message: '' };
  test.each<[string, unknown, string, RegExp]>([
    ['nothing', undefined, 'VP_VALIDATOR_INVALID_RESULT', /no list/],
    ['no result at all', [], 'VP_CHECKS_RAN_NOTHING', /evaluated none/],
    ['too many', [good, good], 'VP_VALIDATOR_INVALID_RESULT', /2 results for 1 checks/],
    ['no object', [null], 'VP_VALIDATOR_INVALID_RESULT', /null is no object/],
    ['a status of its own', [{ ...good, status: 'fine' }], 'VP_VALIDATOR_INVALID_RESULT', /"fine"/],
    ['no count', [{ ...good, failures: Number.NaN }], 'VP_VALIDATOR_INVALID_RESULT', /`failures`/],
    ['no message', [{ ...good, message: 3 }], 'VP_VALIDATOR_INVALID_RESULT', /`message`/],
  ])('%s', async (_, results, code, message) => {
    const validator = { rules: () => [], validate: () => Promise.resolve(results) };
    const rules = [{ id: 'positive', description: '', columns: 'one', options: {} }];
    const project = createTestProject({
      tables: tables(),
      contributions: [{ point: 'validator', id: 'rows', instance: validator, manifest: { rules } }],
    });
    const { results: steps } = await project.run(checked);
    expect(steps[0]?.error).toMatchObject({
      code,
      class: 'plugin',
      plugin: '@test/rows@1.0.0',
      phase: 'step orders',
      message: expect.stringMatching(message),
    });
    expect(await project.engine.snapshots()).toEqual([]);
  });

  test('a check that could not be evaluated counts as failed, by its own severity', async () => {
    const validator: Validator = {
      rules: () => [],
      validate: async ({ checks }) =>
        checks.map((check) => ({
          ...check,
          check: 'renamed',
          severity: 'warn',
          status: 'error',
          rows: 0,
          failures: 0,
          message: 'no such function',
        })),
    };
    const rules = [{ id: 'positive', description: '', columns: 'one', options: {} }];
    const project = createTestProject({
      tables: tables(),
      contributions: [{ point: 'validator', id: 'rows', instance: validator, manifest: { rules } }],
    });
    const { results } = await project.run(checked);
    expect(results[0]?.error?.code).toBe('VP_CHECKS_NOT_EVALUATED');
    expect(results[0]?.checks).toMatchObject([{ check: 'positive(id)', severity: 'error', status: 'error' }]);
  });
});

describe('what throws', () => {
  test.each<[string, () => never, object]>([
    [
      'an Error',
      () => {
        throw new Error('boom');
      },
      { code: 'VP_PLUGIN_THREW', class: 'plugin', message: expect.stringContaining('boom') },
    ],
    [
      'a string',
      () => {
        throw 'boom';
      },
      { code: 'VP_PLUGIN_THREW', class: 'plugin' },
    ],
    [
      'a VpError',
      () => {
        throw new VpError({ code: 'VP_X', class: 'user', message: 'Mine.' });
      },
      { code: 'VP_X', class: 'user', message: 'Mine.' },
    ],
  ])('%s', async (_, code, error) => {
    const project = createTestProject();
    const { results } = await project.run(pipelineOf([functionAsset('f', [], code)]));
    expect(results[0]?.error).toMatchObject({ ...error, plugin: '@test/fn@1.0.0', phase: 'step f' });
  });

  test('a source that fails while it is read is closed, and what was staged is gone', async () => {
    const project = createTestProject({ tables: tables() });
    const { source } = project;
    const read = source.read.bind(source);
    source.read = async (request, context) => {
      const opened = await read(request, context);
      const [part] = opened.parts;
      if (part?.carrier !== 'rows') throw new Error('rows expected');
      const batches = (async function* () {
        yield* part.batches;
        throw new Error('connection lost');
      })();
      return { ...opened, parts: [{ ...part, batches }] };
    };
    const { results } = await project.run(pipelineOf([sourceAsset('orders')]));
    expect(results[0]?.error?.message).toContain('connection lost');
    expect(source.log).toEqual(['read orders', 'close orders']);
    expect(await project.engine.collectGarbage({ keep: 1 })).toEqual([]);
  });

  test('a source without the table says so, and an unbounded one is refused', async () => {
    const project = createTestProject({ tables: tables() });
    const missing = await project.run(pipelineOf([sourceAsset('x', 'nowhere')]));
    expect(missing.results[0]?.error).toMatchObject({ code: 'VP_SOURCE_STREAM_MISSING', class: 'data' });
    const discover = project.source.discover.bind(project.source);
    project.source.discover = async (request, context) =>
      (await discover(request, context)).map((s) => ({ ...s, bounded: false }));
    const endless = await project.run(pipelineOf([sourceAsset('orders')]));
    expect(endless.results[0]?.error).toMatchObject({ code: 'VP_SOURCE_UNBOUNDED' });
  });
});

describe('what is unchanged', () => {
  test('settles as skipped when the inputs turn out to be the same', async () => {
    const project = createTestProject({ tables: tables() });
    project.source.hasVersions = true;
    const pipeline = pipelineOf([sourceAsset('orders'), sqlAsset('a', ['orders'], 'select * from {orders}')]);
    await project.run(pipeline);
    // The plan is made while the source cannot tell; when the step runs, it can.
    project.source.hasVersions = false;
    const plan = await project.plan(pipeline);
    expect(plan.steps.map((s) => s.reason.code)).toEqual(['unknown', 'upstream']);
    project.source.hasVersions = true;
    const summary = await project.runner.run({ plan, pipeline });
    expect(statusesOf(summary)).toEqual({ orders: 'skipped', a: 'skipped' });
    expect(summary.results[0]).toMatchObject({ reason: 'unchanged', rows: 2 });
  });

  test('a source that cannot tell is read each time; force runs what is fresh', async () => {
    const project = createTestProject({ tables: tables() });
    project.source.hasVersions = false;
    const pipeline = pipelineOf([sourceAsset('orders'), task('t', ['orders'])]);
    await project.run(pipeline);
    expect(statusesOf(await project.run(pipeline))).toEqual({ orders: 'succeeded', t: 'succeeded' });
    project.source.hasVersions = true;
    await project.run(pipeline);
    expect(statusesOf(await project.run(pipeline))).toEqual({ orders: 'skipped', t: 'skipped' });
    expect(statusesOf(await project.run(pipeline, { force: true }))).toEqual({
      orders: 'succeeded',
      t: 'succeeded',
    });
  });

  test('is known without the metadata store: snapshots explain themselves', async () => {
    const project = createTestProject({ tables: tables() });
    const pipeline = pipelineOf([sourceAsset('orders'), sqlAsset('a', ['orders'], 'select * from {orders}')]);
    await project.run(pipeline);
    project.store.materializations = async () => [];
    expect((await project.plan(pipeline)).steps.map((s) => s.reason.code)).toEqual(['fresh', 'fresh']);
    const edited = pipelineOf([
      sourceAsset('orders'),
      sqlAsset('a', ['orders'], 'select 1 as one from {orders}'),
    ]);
    expect((await project.plan(edited)).steps.map((s) => s.reason.text)).toEqual([
      'nothing changed',
      'its definition changed',
    ]);
  });
});
