import type { RunRecord, RunSummary } from '@vp/contracts';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { manyAssets, manyAssetsModule } from './lib/many-assets.ts';
import { median } from './lib/numbers.ts';
import { createProject, timed } from './lib/vp-project.ts';

const rounds = 3;

/** Milliseconds of `vp run` for each asset: the process, the plan, the steps, their records and events. */
function perAsset(shape: 'chain' | 'fan'): number {
  using project = createProject(manyAssetsModule('task', shape));
  const times = Array.from({ length: rounds }, () => {
    const { seconds, json } = timed(['run', '--force'], project.cwd);
    const { run }: RunSummary = JSON.parse(json);
    if (run.steps.succeeded !== manyAssets) throw new Error(`only ${run.steps.succeeded} assets ran`);
    return (seconds * 1_000) / manyAssets;
  });
  // Another process finds what was recorded.
  const records: readonly RunRecord[] = JSON.parse(timed(['runs', 'list'], project.cwd).json);
  if (records.length !== rounds) throw new Error(`${records.length} of ${rounds} runs are recorded`);
  return median(times);
}

export default {
  name: '10,000 no-op assets in one `vp run`, each',
  limit: '-',
  async run() {
    return (['chain', 'fan'] as const).map((shape) => ({
      measured: perAsset(shape),
      limit: 0,
      unit: 'ms',
      target: 1,
      note: shape,
    }));
  },
} satisfies Benchmark;
