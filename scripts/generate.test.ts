import { expect, test } from 'vitest';
import { staleFiles } from './generate.ts';

test('generated pages say what the sources say; if not: npm run generate', async () => {
  const stale = await staleFiles();
  expect(stale.map(({ file }) => file)).toEqual([]);
});
