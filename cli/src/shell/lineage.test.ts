import type { AssetSpec, PipelineSpec } from '@vp/contracts';
import { expect, test } from 'vitest';
import { lineageTree, mermaid } from '../ui/lineage-view.ts';
import { plain } from '../ui/style.ts';
import { lineageOf } from './lineage.ts';

const asset = (name: string, inputs: readonly string[]): AssetSpec => ({
  $$type: '@vp/asset',
  version: 'v1',
  name,
  inputs: inputs.map((input) => ({ asset: input, as: input })),
  compute:
    inputs.length === 0
      ? { kind: 'source', use: 'files', options: { path: `${name}.csv` } }
      : { kind: 'sql', sql: { strings: [''], parts: [] } },
  materialize: 'table',
  checks: [],
  codeVersion: '1',
});

const pipeline: PipelineSpec = {
  $$type: '@vp/pipeline',
  version: 'v1',
  assets: [asset('a', []), asset('b', []), asset('c', ['a', 'b']), asset('d', ['a', 'c'])],
  publish: [
    {
      $$type: '@vp/publish',
      version: 'v1',
      name: 'd->csv',
      asset: 'd',
      use: 'csv',
      options: { path: 'd.csv' },
      mode: 'replace',
    },
  ],
};

test('up is what it is made from, down what is made from it, each part drawn once', () => {
  const up = lineageOf(pipeline, { asset: 'd', up: true, down: false });
  expect(up.nodes.map(({ id }) => id)).not.toContain('sink:d->csv');
  expect(lineageTree(up, plain).split('\n')).toEqual([
    'd is made from',
    '├─ a',
    '│  └─ files a.csv (source)',
    '└─ c',
    '   ├─ a …',
    '   └─ b',
    '      └─ files b.csv (source)',
  ]);
  const down = lineageOf(pipeline, { asset: 'b', up: false, down: true });
  expect(lineageTree(down, plain).split('\n')).toEqual([
    'b goes into',
    '└─ c',
    '   └─ d',
    '      └─ csv d.csv (sink)',
  ]);
});

test('a diagram has every node and edge, and quotes what it shows', () => {
  const text = mermaid(lineageOf(pipeline, { up: true, down: true }));
  expect(text.match(/-->/g)).toHaveLength(7);
  expect(text).toContain('>"csv d.csv"]');
});
