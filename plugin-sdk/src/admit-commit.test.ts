import { expect, test } from 'vitest';
import { admitCommit, type CommitFacts } from './admit-commit.ts';

const facts = (more: Partial<CommitFacts>): CommitFacts => ({
  request: { basedOn: 'old' },
  meta: { token: 'new' },
  found: 'old',
  location: 'public.orders',
  ...more,
});

test.each([
  ['it follows what is there', facts({}), 'commit'],
  ['nothing is there, and nothing was', facts({ request: { basedOn: null }, found: undefined }), 'commit'],
  ['it was committed already', facts({ found: 'new' }), 'done'],
  [
    'its own last window is there',
    facts({ found: 'new#1', own: 'new#1', meta: { token: 'new#2' } }),
    'commit',
  ],
  ['the host does not fence', facts({ request: {}, found: 'other' }), 'commit'],
] as const)('a writer may commit when %s', (_, given, expected) => {
  expect(admitCommit(given)).toBe(expected);
});

test.each([
  ['another has written', facts({ found: 'other' })],
  ['another has written first', facts({ request: { basedOn: null }, found: 'other' })],
  ['what it follows is gone', facts({ found: undefined })],
  ['another has written after its last window', facts({ found: 'other', own: 'new#1' })],
])('a writer is refused when %s, and not tried again', (_, given) => {
  expect(() => admitCommit(given)).toThrow(
    expect.objectContaining({ code: 'VP_COMMIT_SUPERSEDED', class: 'user' }),
  );
});
