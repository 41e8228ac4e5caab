import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallContext, Engine } from '@vp/contracts';
import { createDuckdbEngine } from '../../../plugins/duckdb/src/engine.ts';
import { type Driver, loadNative } from '../../../plugins/duckdb/src/native/load.ts';

/** The engine and the bare driver side by side: same memory, same threads, same Parquet settings. */
export interface DuckdbPair extends AsyncDisposable {
  readonly folder: string;
  readonly engine: Engine;
  readonly driver: InstanceType<Driver['DuckDBConnection']>;
  readonly context: CallContext;
}

/** What the engine writes with unless it is told otherwise. */
export const parquetOptions = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880';

export async function openPair(): Promise<DuckdbPair> {
  const folder = mkdtempSync(join(tmpdir(), 'vp-bench-'));
  const memory = '4GB';
  const clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => undefined };
  const paths = {
    project: folder,
    state: join(folder, '.vp'),
    resolve: (path: string) => join(folder, path),
  };
  const engine = createDuckdbEngine({ config: { memory_limit: memory }, paths, clock });
  const { driver: native } = await loadNative();
  const instance = await native.DuckDBInstance.create(':memory:', {
    memory_limit: memory,
    preserve_insertion_order: 'false',
    temp_directory: join(folder, 'spill'),
  });
  const driver = await instance.connect();
  const silent = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };
  return {
    folder,
    engine,
    driver,
    context: { signal: new AbortController().signal, logger: silent, progress() {} },
    [Symbol.asyncDispose]: async () => {
      driver.closeSync();
      instance.closeSync();
      await engine[Symbol.asyncDispose]?.();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

let steps = 0;

/** Stages and commits, as a run does. */
export async function materialize(
  { engine, context }: DuckdbPair,
  asset: string,
  input: Parameters<Engine['stage']>[0]['input'],
): Promise<void> {
  steps += 1;
  const staged = await engine.stage({ target: { asset }, input }, context);
  await staged.commit({ runId: 'bench', stepId: asset, token: `${steps}`, fingerprint: '', inputs: {} });
}
