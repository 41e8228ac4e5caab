import { expect, test } from 'vitest';
import { createTestProject, pipelineOf, sourceAsset, sqlAsset, task } from '../../test/support/project.ts';
import { createPipelineModel } from '../plan/model.ts';
import { selectAssets } from './selection.ts';

const pipeline = pipelineOf([
  sourceAsset('shop.orders', 'o', { tags: ['daily'], owner: 'ana' }),
  sourceAsset('shop.users', 'u'),
  sqlAsset('clean', ['shop.orders'], '{shop.orders}', { tags: ['daily', 'finance'] }),
  sqlAsset('joined', ['clean', 'shop.users'], '{clean}'),
  task('mail', ['joined']),
]);
const { graph } = createPipelineModel({ pipeline, host: createTestProject().host, now: 0 });
const select = (text: string, ...exclude: string[]) =>
  selectAssets(graph, { select: text === '' ? [] : [text], exclude }).join(' ');

test.each([
  ['', 'shop.orders shop.users clean joined mail'],
  ['clean', 'clean'],
  ['+joined', 'shop.orders shop.users clean joined'],
  ['clean+', 'clean joined mail'],
  ['+clean+', 'shop.orders clean joined mail'],
  ['1+joined', 'shop.users clean joined'],
  ['clean+1', 'clean joined'],
  ['tag:daily', 'shop.orders clean'],
  ['tag:fin*', 'clean'],
  ['owner:ana', 'shop.orders'],
  ['group:shop', 'shop.orders shop.users'],
  ['shop.*', 'shop.orders shop.users'],
  ['source:memory+1', 'shop.orders shop.users clean joined'],
  ['mail clean', 'clean mail'],
])('%j', (text, expected) => {
  expect(select(text)).toBe(expected);
});

test('exclusions', () => {
  expect(select('', '+clean')).toBe('shop.users joined mail');
  expect(() => select('clean', '*')).toThrow(/clean --exclude \*/);
});

test.each([
  ['claen', 'VP_SELECTION_EMPTY', 'Did you mean "clean"?'],
  ['tag:dayly', 'VP_SELECTION_EMPTY', 'Did you mean "daily"?'],
  ['shopp.*', 'VP_SELECTION_EMPTY', /There is/],
  ['++clean', 'VP_SELECTION_SYNTAX', /Forms/],
  ['tga:daily', 'VP_SELECTION_SYNTAX', /Forms/],
])('%j is refused', (text, code, hint) => {
  expect(() => select(text)).toThrow(
    expect.objectContaining({ code, hint: typeof hint === 'string' ? hint : expect.stringMatching(hint) }),
  );
});
