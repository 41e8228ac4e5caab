import { executorConformance, fakeClock } from '@vp/plugin-sdk/testing';
import { createLocalExecutor } from './executor.ts';

executorConformance({
  id: 'local',
  from: import.meta.dirname,
  create: () => {
    const clock = fakeClock();
    return {
      clock,
      open: () => createLocalExecutor({ config: { concurrency: 4 }, clock }),
      withConcurrency: (concurrency: number) => ({ concurrency }),
    };
  },
});
