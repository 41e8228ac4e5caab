import type { AssetSpec } from '@vp/contracts';
import { isVpError } from '@vp/contracts';
import { describe, expect, test } from 'vitest';
import {
  createTestProject,
  functionAsset,
  pipelineOf,
  positive,
  publishTo,
  sourceAsset,
  sqlAsset,
  task,
} from '../../test/support/project.ts';
import { createPipelineModel } from '../plan/model.ts';

const { host } = createTestProject();
const schema = { fields: [{ name: 'id', type: { kind: 'int64' as const }, nullable: false }] };

function faultOf(assets: readonly AssetSpec[], ...publish: Parameters<typeof publishTo>[]) {
  try {
    createPipelineModel({
      pipeline: pipelineOf(
        assets,
        publish.map((p) => publishTo(...p)),
      ),
      host,
      now: 0,
    });
  } catch (error) {
    if (isVpError(error))
      return { code: error.code, text: `${error.message} ${error.hint ?? ''}`.trim(), at: error.at };
    throw error;
  }
  return undefined;
}

describe('a pipeline with a fault says what, where and what was meant', () => {
  const a = sourceAsset('orders', 'orders', { schema });
  const cases: readonly [string, readonly AssetSpec[], string, RegExp][] = [
    [
      'unknown input',
      [a, sqlAsset('b', ['ordres'], 'select 1 from {ordres}')],
      'VP_ASSET_UNKNOWN',
      /"b".*"ordres".*Did you mean "orders"/,
    ],
    [
      'unknown input of a hole',
      [
        a,
        { ...sqlAsset('b', [], ''), inputs: [{ asset: 'x', as: 'x', origin: { file: 'b.sql', line: 3 } }] },
      ],
      'VP_ASSET_UNKNOWN',
      /"b".*"x"/,
    ],
    [
      'duplicate',
      [a, sourceAsset('orders', 'x', { origin: { file: 'other.ts', line: 7 } })],
      'VP_ASSET_DUPLICATE',
      /pipeline.ts:1.*other.ts:7/,
    ],
    ['name', [sourceAsset('Orders')], 'VP_ASSET_NAME_INVALID', /"Orders"/],
    ['name of a group', [sourceAsset('shop..orders')], 'VP_ASSET_NAME_INVALID', /shop\.\.orders/],
    [
      'cycle',
      [sqlAsset('x', ['z'], '{z}'), sqlAsset('y', ['x'], '{x}'), sqlAsset('z', ['y'], '{y}')],
      'VP_ASSET_CYCLE',
      /x -> z -> y -> x/,
    ],
    ['own input', [sqlAsset('x', ['x'], '{x}')], 'VP_ASSET_CYCLE', /x -> x/],
    [
      'column of a check',
      [{ ...a, checks: [positive('idd')] }],
      'VP_COLUMN_UNKNOWN',
      /"idd".*Did you mean "id"/,
    ],
    [
      'rule',
      [{ ...a, checks: [positive('id', { rule: 'postive' })] }],
      'VP_CHECK_RULE_UNKNOWN',
      /Did you mean "positive"/,
    ],
    [
      'columns of a rule',
      [{ ...a, checks: [positive('id', { columns: [] })] }],
      'VP_CHECK_COLUMNS_INVALID',
      /gives 0 columns.*exactly one/,
    ],
    [
      'option of a rule',
      [{ ...a, checks: [positive('id', { options: { min: 1 } })] }],
      'VP_OPTIONS_INVALID',
      /"min"/,
    ],
    [
      'two checks of a name',
      [{ ...a, checks: [positive('id'), positive('id')] }],
      'VP_CHECK_DUPLICATE',
      /positive\(id\)/,
    ],
    [
      'source',
      [{ ...a, compute: { kind: 'source', use: 'memroy', options: {} } }],
      'VP_CONTRIBUTION_UNKNOWN',
      /Did you mean "memory"/,
    ],
    [
      'option',
      [{ ...a, compute: { kind: 'source', use: 'memory', options: { table: 'x', tabel: 'y' } } }],
      'VP_OPTIONS_INVALID',
      /\/tabel.*Did you mean "table"/,
    ],
    [
      'option missing',
      [{ ...a, compute: { kind: 'source', use: 'memory', options: {} } }],
      'VP_OPTIONS_INVALID',
      /\/table: is missing/,
    ],
    [
      'option of a wrong type',
      [{ ...a, compute: { kind: 'source', use: 'memory', options: { table: 3 } } }],
      'VP_OPTIONS_INVALID',
      /expected string/,
    ],
    [
      'hole in SQL',
      [a, sqlAsset('b', ['orders'], 'select * from {ordrs}')],
      'VP_ASSET_INPUT_UNKNOWN',
      /Did you mean "orders"/,
    ],
    [
      'input twice',
      [a, sqlAsset('b', ['orders', 'orders'], 'select * from {orders}')],
      'VP_ASSET_INPUT_DUPLICATE',
      /orders/,
    ],
    [
      'reading a task',
      [task('t'), sqlAsset('b', ['t'], 'select * from {t}')],
      'VP_ASSET_WITHOUT_DATA',
      /"t"/,
    ],
    [
      'SQL without data',
      [{ ...a, ...sqlAsset('b', [], 'select 1'), materialize: 'none' }],
      'VP_ASSET_MATERIALIZE_INVALID',
      /sql/,
    ],
    [
      'other engine',
      [a, sqlAsset('b', ['orders'], 'select * from {orders}', { engine: 'sqlte' })],
      'VP_CONTRIBUTION_UNKNOWN',
      /Did you mean "sqlite"/,
    ],
    ['key', [{ ...a, schema: { ...schema, key: ['idx'] } }], 'VP_COLUMN_UNKNOWN', /"idx"/],
    [
      'zone',
      [
        {
          ...a,
          partitions: {
            dimensions: [
              { kind: 'time', name: 'd', grain: 'day', start: '2001-01-01', timezone: 'Europe/Zurch' },
            ],
          },
        },
      ],
      'VP_PARTITIONS_INVALID',
      /Europe\/Zurch/,
    ],
    ['nothing', [], 'VP_PIPELINE_EMPTY', /no assets/],
  ];
  test.each(cases)('%s', (_, assets, code, text) => {
    expect(faultOf(assets)).toMatchObject({ code, text: expect.stringMatching(text) });
  });

  test('several are told together', () => {
    const fault = faultOf([sourceAsset('A'), sourceAsset('B')], ['c', 'x'], ['c', 'x']);
    expect(fault?.code).toBe('VP_PIPELINE_INVALID');
    expect(fault?.text).toMatch(/4 faults.*"A".*"B".*"c".*Two publishes/s);
  });

  test('a good one passes, and the same asset object may stand twice', () => {
    const f = functionAsset('shop.clean', ['orders'], () => []);
    expect(faultOf([a, a, f], ['orders', 'x'])).toBeUndefined();
  });
});

test('a chain of 10,000 assets is no deeper than the stack, and a cycle in it is found', () => {
  const chain = Array.from({ length: 10_000 }, (_, i) => task(`a${i}`, i === 9_999 ? [] : [`a${i + 1}`]));
  const model = createPipelineModel({ pipeline: pipelineOf(chain), host, now: 0 });
  expect([...model.graph.nodes.keys()].at(0)).toBe('a9999');
  chain[9_999] = task('a9999', ['a0']);
  expect(faultOf(chain)?.code).toBe('VP_ASSET_CYCLE');
});

test('two publishes to one place are refused: each would take the other for its own last state', () => {
  const assets = [sourceAsset('a'), sourceAsset('b')];
  const fault = faultOf(assets, ['a', 'out.csv'], ['b', 'out.csv']);
  expect(fault).toMatchObject({
    code: 'VP_PUBLISH_SAME_PLACE',
    text: expect.stringContaining('"a->out.csv" and "b->out.csv"'),
  });
  expect(faultOf(assets, ['a', 'out.csv'], ['b', 'other.csv'])).toBeUndefined();
  expect(faultOf(assets, ['a', 'out'], ['b', 'out', { connection: 'elsewhere' }])).toBeUndefined();
});

test('a rule that lists no options takes none, one that leaves them open takes any', () => {
  const open = { id: 'open', description: '', columns: 'none', options: { additionalProperties: true } };
  const rules = [{ id: 'bare', description: '', columns: 'none', options: {} }, open];
  const project = createTestProject({
    contributions: [{ point: 'validator', id: 'rows', instance: {}, manifest: { rules } }],
  });
  const check = (rule: string) => {
    const checks = [positive('', { name: rule, rule, columns: [], options: { min: 1 } })];
    const pipeline = pipelineOf([sourceAsset('a', 'a', { checks })]);
    return () => createPipelineModel({ pipeline, host: project.host, now: 0 });
  };
  expect(check('bare')).toThrow(expect.objectContaining({ code: 'VP_OPTIONS_INVALID' }));
  expect(check('open')).not.toThrow();
});
