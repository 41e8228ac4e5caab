import { defineConformance, fakeClock } from '@vp/plugin-sdk/conformance';
import { create{{class}}Executor } from './executor.ts';

/** What `npm test` and `vp plugins conformance` prove the executor on. */
export default defineConformance({
  executors: {
    '{{id}}': {
      create() {
        // Retries of an hour take no time.
        const clock = fakeClock();
        return {
          clock,
          open: () => create{{class}}Executor({ config: {}, clock }),
          withConcurrency: (concurrency) => ({ concurrency }),
        };
      },
    },
  },
});
