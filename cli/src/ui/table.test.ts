import { expect, test } from 'vitest';
import { plain } from './style.ts';
import { oneLine, table } from './table.ts';

test('columns are as wide as their widest cell, numbers stand right, and nothing trails', () => {
  const text = table({
    columns: [{ title: 'name' }, { title: 'rows', align: 'right' }, { title: 'place' }],
    rows: [
      ['日本', '1,000', 'a'],
      ['x', '2', ''],
    ],
    style: plain,
  });
  expect(text).toBe('name   rows  place\n日本  1,000  a\nx         2');
});

test('what a cell holds can neither break the line nor reach the terminal', () => {
  const text = table({
    columns: [{ title: 'v', max: 12 }],
    rows: [['a\nb'], ['\u001b[2J'], ['long enough to cut']],
    style: plain,
  });
  expect(text).toBe('v\na\\nb\n\\x1b[2J\nlong enough…');
  expect(oneLine('\u0000\t')).toBe('\\x00\\t');
});
