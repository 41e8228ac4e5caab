import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { points, type Source, t, toTableSchema } from '@vp/contracts';
import type { PluginPackage } from '@vp/contracts/manifest';
import { runConformance, type SourceSubject, sourceKit } from '@vp/plugin-sdk/testing';
import { expect, test } from 'vitest';
import { startSample } from './support/healthy.ts';
import { type Started, start } from './support/start.ts';

/** Runs the source kit on a subject; gives the laws that it broke, and how many it kept. */
async function prove(create: () => Promise<SourceSubject>) {
  const { laws } = await runConformance(sourceKit, { create });
  return {
    broken: laws
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ id, error }) => `${id} ${error?.message}`),
    kept: laws.filter(({ outcome }) => outcome === 'passed').length,
  };
}

/** One process for all laws, as for a run. */
async function withProject<T>(work: (project: string) => Promise<T>): Promise<T> {
  const project = await mkdtemp(join(tmpdir(), 'vp-conformance-'));
  try {
    return await work(project);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

test('an isolated generator keeps the laws of source@1', { timeout: 60_000 }, async () => {
  await withProject(async (project) => {
    await using plugin = await startSample(project);
    const result = await prove(async () => ({
      open: () => plugin.instance(points.source, 'sample'),
      options: { batches: 2 },
      endless: {},
      schema: toTableSchema({ id: t.int64() }),
      rows: [1n, 2n, 3n, 4n, 5n, 6n].map((id) => ({ id })),
      ordered: true,
    }));
    expect(result.broken).toEqual([]);
    expect(result.kept).toBeGreaterThan(8);
  });
});

const folder = join(import.meta.dirname, '../../plugins/files');

/** The plugin `@vp/files` as it is published: it loads DuckDB, so native code is granted. */
async function startFiles(project: string): Promise<Started> {
  const pack: PluginPackage = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const modules = join(folder, '../../node_modules');
  const duckdb = ['node-api', 'node-bindings', 'node-bindings-linux-x64'].map((name) =>
    join(modules, '@duckdb', name),
  );
  return await start({
    plugin: pack.name,
    directory: folder,
    entry: pack.vp.entry,
    project,
    contributes: pack.vp.contributes ?? {},
    requires: pack.vp.requires?.services ?? [],
    permissions: { fs: ['read:**', 'write:**'], native: true },
    readable: [
      ...duckdb,
      join(modules, 'detect-libc'),
      join(folder, '../../plugin-sdk'),
      join(folder, '../../contracts'),
      join(modules, 'fastest-levenshtein'),
    ],
  });
}

const csv = `id,name,amount
1,Ada,10.00
9007199254740993,,-0.01
3,"",9999999999.99
`;

test('isolated, @vp/files keeps the laws that it keeps in process', { timeout: 90_000 }, async () => {
  await withProject(async (project) => {
    await using plugin = await startFiles(project);
    let number = 0;
    const subject = async (): Promise<SourceSubject> => {
      number += 1;
      const path = `table-${number}.csv`;
      await writeFile(join(project, path), csv);
      const made: Partial<AsyncDisposable>[] = [];
      return {
        async open(): Promise<Source> {
          const source = await plugin.instance(points.source, 'files');
          made.push(source as Partial<AsyncDisposable>);
          return source;
        },
        options: { path, columns: { id: 'int64', amount: 'decimal(12,2)' } },
        missing: { path: 'nothing.csv' },
        schema: toTableSchema({
          id: t.int64().nullable(),
          name: t.text().nullable(),
          amount: t.decimal(12, 2).nullable(),
        }),
        rows: [
          { id: 1n, name: 'Ada', amount: '10.00' },
          { id: 9_007_199_254_740_993n, name: null, amount: '-0.01' },
          { id: 3n, name: '', amount: '9999999999.99' },
        ],
        ordered: true,
        moreRows: [{ id: 4n, name: 'more', amount: '1.00' }],
        append: () => appendFile(join(project, path), '4,more,1.00\n'),
        async dispose() {
          for (const source of made) await source[Symbol.asyncDispose]?.();
        },
      };
    };
    const result = await prove(subject);
    expect(result.broken).toEqual([]);
    expect(result.kept).toBeGreaterThan(10);
  });
});
