import { t, toTableSchema } from '@vp/contracts';
import { expect, test } from 'vitest';
import { schemaChanges } from './diff.ts';

test('columns that came, went, or changed their type or nullability are told apart', () => {
  const before = toTableSchema({ a: t.int32(), b: t.text(), c: t.text(), d: t.bool() });
  const after = toTableSchema({ a: t.int64(), b: t.text().nullable(), d: t.bool(), e: t.date() });
  expect(schemaChanges(before, after)).toEqual([
    { column: 'c', change: 'removed', before: 'utf8' },
    { column: 'a', change: 'type', before: 'int32', after: 'int64' },
    { column: 'b', change: 'nullable', before: 'not null', after: 'may be null' },
    { column: 'e', change: 'added', after: 'date' },
  ]);
  expect(schemaChanges(before, before)).toEqual([]);
});
