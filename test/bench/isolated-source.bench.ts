import { join } from 'node:path';
import type { PluginRegistrar, Provider, Source } from '@vp/contracts';
import { isolate } from '@vp/isolation';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { type DuckdbPair, materialize, openPair, seconds } from './lib/duckdb-pair.ts';
import { mixedRows } from './lib/mixed-rows/plugin.mts';
import { best } from './lib/numbers.ts';

const million = 1_000_000;
const rounds = 5;

/** Reads a source into a new snapshot of an asset, as a run does. */
async function load(pair: DuckdbPair, source: Source, rows: number): Promise<void> {
  const read = await source.read({ options: { rows }, format: 'rows' }, pair.context);
  await materialize(pair, 'mixed', { kind: 'payload', parts: read.parts });
  await read.close();
}

async function isolated(project: string) {
  const definition = await isolate({
    plugin: 'mixed-rows',
    package: {
      name: 'mixed-rows',
      version: '1.0.0',
      vp: {
        manifestVersion: 1,
        entry: './plugin.mts',
        contributes: { sources: [{ id: 'mixed', contract: 'source@1', formats: ['rows'] }] },
      },
    },
    directory: join(import.meta.dirname, 'lib', 'mixed-rows'),
    readable: [],
    permissions: {},
    limits: { memoryMb: 512, unresponsiveMs: 5_000, startMs: 10_000 },
    paths: { project, state: join(project, '.vp'), resolve: (path) => join(project, path) },
    denied: ({ permission, wanted }) => {
      throw new Error(`${permission} ${wanted} was denied`);
    },
  });
  let provider: Provider<unknown, unknown> | undefined;
  const registrar = { contribute: (_: unknown, __: string, given: never) => (provider = given) };
  definition.register(registrar as unknown as PluginRegistrar);
  const stops: (() => unknown)[] = [];
  await definition.activate?.({
    deps: {},
    signal: new AbortController().signal,
    onStop: (stop) => stops.push(stop),
  });
  const source = (await provider?.create({ config: {}, deps: {} })) as Source;
  return { source, stop: () => Promise.all(stops.map((stop) => stop())) };
}

export default {
  name: 'Isolated source, 12 columns',
  limit: 'the same source in process',
  async run() {
    await using pair = await openPair();
    const begin = performance.now();
    const { source, stop } = await isolated(pair.folder);
    const startMs = performance.now() - begin;
    const inProcess = mixedRows();
    await load(pair, source, million / 4);
    await load(pair, inProcess, million / 4);
    const times: { measured: number[]; limit: number[] } = { measured: [], limit: [] };
    for (let round = 0; round < rounds; round += 1) {
      times.limit.push(await seconds(() => load(pair, inProcess, million)));
      times.measured.push(await seconds(() => load(pair, source, million)));
    }
    await stop();
    return [
      // 0.8 times the rows a second is 1.25 times the time.
      {
        measured: best(times.measured),
        limit: best(times.limit),
        unit: 's',
        target: 1.25,
        note: '1 M rows into an asset',
      },
      { measured: startMs, limit: 0, unit: 'ms', target: 500, note: 'start of its process' },
    ];
  },
} satisfies Benchmark;
