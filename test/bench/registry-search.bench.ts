import type { Badge } from '@vp/contracts/registry';
import type { PublishedPackage, PublishedVersion } from '@vp/registry';
import { createSearchIndex } from '../../registry/src/search/index.ts';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { startRegistrySite } from '../services/registry.ts';
import { median } from './lib/numbers.ts';

const size = 1_000;
const rounds = 7;

const systems =
  'postgres mysql kafka snowflake weather stripe hubspot parquet redis mongo slack oracle'.split(' ');
const of = (words: readonly string[], at: number) => words[at % words.length] ?? '';
const readme = 'Tables, views and queries as a source, read in one snapshot with all types kept. '.repeat(40);

const searches = [
  ...['', 'p', 'post', 'postgres', 'postgers', 'weather source', 'tables views queries types', 'xyzzyqwert'],
  'a b c d e f g h i j',
];

function published(i: number): PublishedPackage {
  const id = `${of(systems, i)}-${i}`;
  const badge: Badge = { level: 'full', passed: 40, failed: 0, exempt: 2, contributions: [`source ${id}`] };
  const version: PublishedVersion = {
    version: '1.0.0',
    published: '2026-11-20T10:00:00.000Z',
    size: 48_000,
    signed: true,
    facts: { tree: '', manifest: '', ...(i % 2 === 0 && { badge }) },
    description: `Moves ${of(systems, i * 7)} data to ${of(systems, i * 5)}`,
    license: 'Apache-2.0',
    keywords: [of(systems, i * 3)],
    engines: {},
    dependencies: {},
    peerDependencies: {},
    manifest: {
      manifestVersion: 1,
      entry: './plugin.js',
      contributes: { sources: [{ id, contract: 'source@1', formats: ['rows'] }] },
    },
    deprecated: undefined,
  };
  const text = `${readme} ${of(systems, i * 11)}`;
  return {
    name: `@acme/${id}`,
    latest: '1.0.0',
    tags: { latest: '1.0.0' },
    versions: [version],
    readme: text,
  };
}

const packages = Array.from({ length: size }, (_, i) => published(i));

function filled() {
  const index = createSearchIndex();
  for (const each of packages) index.put(each);
  return index;
}

const milliseconds = async (work: () => unknown): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const medianOf = async (work: () => unknown): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await milliseconds(work));
  return median(times);
};

async function untilVisible(): Promise<number> {
  const site = await startRegistrySite();
  try {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const name = `acme-new${round}`;
      const seen = async () => {
        await site.publish({ name });
        const answer = await fetch(`${site.url}/-/vp/v1/search?q=${name}`);
        const { total }: { readonly total: number } = JSON.parse(await answer.text());
        if (total !== 1) throw new Error(`${name} is not in the search after its publish`);
      };
      times.push(await milliseconds(seen));
    }
    return median(times);
  } finally {
    await site.close();
  }
}

export default {
  name: 'registry search',
  limit: '-',
  async run() {
    const limit = 0;
    const index = filled();
    const rows = [];
    for (const q of searches)
      rows.push({ q, measured: await medianOf(() => [index.search({ q }), index.facets({ q })]) });
    const slowest = rows.reduce((a, b) => (b.measured > a.measured ? b : a));
    return [
      {
        measured: slowest.measured,
        limit,
        unit: 'ms',
        target: 20,
        note: `slowest of ${rows.length} over 1,000 plugins: "${slowest.q}"`,
      },
      {
        measured: await medianOf(filled),
        limit,
        unit: 'ms',
        target: 3_000,
        note: 'index of 1,000 plugins made anew',
      },
      {
        measured: await untilVisible(),
        limit,
        unit: 'ms',
        target: 1_000,
        note: 'publish to visible, packing included',
      },
    ];
  },
} satisfies Benchmark;
