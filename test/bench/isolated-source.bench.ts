import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallContext, PluginRegistrar, Provider, Source } from '@vp/contracts';
import { isolate } from '@vp/isolation';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { mixedRows } from './lib/mixed-rows/plugin.mts';
import { best } from './lib/numbers.ts';

const million = 1_000_000;
const rounds = 5;

const logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => logger };
const context: CallContext = { signal: new AbortController().signal, logger, progress() {} };

/** Reads to the end and looks at every value, as whoever consumes a source does. */
async function seconds(source: Source, rows: number): Promise<number> {
  const start = performance.now();
  const read = await source.read({ options: { rows }, format: 'rows' }, context);
  let seen = 0;
  let weight = 0;
  for (const part of read.parts) {
    if (part.carrier !== 'rows') continue;
    for await (const { length, columns } of part.batches) {
      seen += length;
      for (const column of columns) {
        for (let i = 0; i < length; i += 1) {
          const value = column[i];
          // Of a text, its characters: whoever writes or compares it has them put together.
          weight += typeof value === 'string' ? value.charCodeAt(value.length - 1) : value === null ? 0 : 1;
        }
      }
    }
  }
  await read.close();
  if (seen !== rows || weight < rows) throw new Error(`${seen} of ${rows} rows arrived`);
  return (performance.now() - start) / 1_000;
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

const megabytes = () => process.memoryUsage().rss / 2 ** 20;

export default {
  name: 'Isolated source, 12 columns',
  limit: 'the same source in process',
  async run() {
    const project = mkdtempSync(join(tmpdir(), 'vp-bench-'));
    const begin = performance.now();
    const { source, stop } = await isolated(project);
    const startMs = performance.now() - begin;
    const inProcess = mixedRows();
    await seconds(source, million / 4);
    await seconds(inProcess, million / 4);
    const times: { measured: number[]; limit: number[] } = { measured: [], limit: [] };
    for (let round = 0; round < rounds; round += 1) {
      times.limit.push(await seconds(inProcess, million));
      times.measured.push(await seconds(source, million));
    }
    const before = megabytes();
    await seconds(source, 4 * million);
    const growth = Math.max(megabytes() - before, 0);
    await stop();
    rmSync(project, { recursive: true, force: true });
    return [
      // 0.8 times the rows a second is 1.25 times the time.
      { measured: best(times.measured), limit: best(times.limit), unit: 's', target: 1.25, note: '1 M rows' },
      { measured: growth, limit: 0, unit: 'MB', target: 100, note: "the host's growth over 4 M rows" },
      { measured: startMs, limit: 0, unit: 'ms', target: 500, note: 'start of its process' },
    ];
  },
} satisfies Benchmark;
