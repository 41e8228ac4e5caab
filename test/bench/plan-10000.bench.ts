import type { Plan } from '@vp/contracts';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { manyAssets, manyAssetsModule } from './lib/many-assets.ts';
import { median } from './lib/numbers.ts';
import { createProject, timed } from './lib/vp-project.ts';

const rounds = 5;

/** Seconds of `vp plan`, from the start of the process to its end. */
function coldPlan(cwd: string): number {
  const times = Array.from({ length: rounds }, () => {
    const { seconds, json } = timed(['plan'], cwd);
    const { steps }: Plan = JSON.parse(json);
    if (steps.length !== manyAssets) throw new Error(`the plan has ${steps.length} steps`);
    return seconds;
  });
  return median(times);
}

export default {
  name: '`vp plan` of 10,000 assets, cold process',
  limit: '-',
  async run() {
    using queries = createProject(manyAssetsModule('sql', 'chain'));
    using tasks = createProject(manyAssetsModule('task', 'fan'));
    const row = (note: string, cwd: string) => ({
      measured: coldPlan(cwd),
      limit: 0,
      unit: 's',
      target: 2,
      note,
    });
    const rows = [row('SQL in a chain, never run', queries.cwd)];
    timed(['run'], tasks.cwd);
    return [...rows, row('tasks in a fan, run before', tasks.cwd)];
  },
} satisfies Benchmark;
