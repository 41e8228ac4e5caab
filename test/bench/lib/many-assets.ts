export const manyAssets = 10_000;

/** What asset number `i` reads: the one before it, or all the first one. */
const upstreams = { chain: 'assets[i - 1]', fan: 'assets[0]' } as const;

/** What an asset does: nothing at all, or a query. */
const kinds = {
  task: {
    first: "asset('a0', { task: () => undefined })",
    next: "asset('a' + i, { inputs: { upstream }, task: () => undefined })",
  },
  sql: {
    first: "asset('a0', { sql: sql`select 1 as id`, schema })",
    next: `asset('a' + i, { sql: sql\`select id from \${upstream}\`, schema })`,
  },
} as const;

/** The text of a pipeline module of 10,000 assets. */
export function manyAssetsModule(kind: keyof typeof kinds, shape: keyof typeof upstreams): string {
  const { first, next } = kinds[kind];
  return `
import { asset, pipeline, sql, t } from 'vibepiper';

const schema = { id: t.int64() };
const assets = [${first}];
for (let i = 1; i < ${manyAssets}; i += 1) {
  const upstream = ${upstreams[shape]};
  assets.push(${next});
}
export default pipeline({ assets });
`;
}
