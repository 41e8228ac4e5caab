import { expect, test } from 'vitest';
import { didYouMean, suggest } from './suggest.ts';

test('a short word is found after one slip: letter gone, doubled, wrong, or two swapped', () => {
  for (const typo of ['nme', 'namme', 'nane', 'nmae', 'naem', 'Name']) {
    expect(suggest(typo, ['type', 'name', 'char'])).toBe('name');
  }
});

test('a short word two slips away is another word', () => {
  expect(suggest('nome2', ['type'])).toBeUndefined();
  expect(suggest('fs', ['env'])).toBeUndefined();
});

test('nothing near lists what there is, and nothing at all says nothing', () => {
  expect(didYouMean('zebra', ['column', 'key'])).toBe('There is: "column", "key".');
  expect(didYouMean('zebra', ['column', 'key', 'column'])).toBe('There is: "column", "key".');
  expect(didYouMean('zebra', [])).toBe('');
});
