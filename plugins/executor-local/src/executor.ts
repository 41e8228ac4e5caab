import type { Clock, Executor } from '@vp/plugin-sdk';
import { type LocalExecutorConfig, settingsOf } from './config.ts';
import { bytesOf, type MemoryState, processMemory } from './memory.ts';
import { Run } from './run.ts';

export interface LocalExecutorInit {
  readonly config: LocalExecutorConfig;
  readonly clock: Clock;
  /** What the process uses; tests say it themselves. */
  readonly memory?: () => MemoryState;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** Runs the steps of a plan in this process. */
export function createLocalExecutor(init: LocalExecutorInit): Executor {
  const { config, clock, memory = processMemory, random = Math.random } = init;
  return {
    async check() {
      const { concurrency, memory: limits } = settingsOf(config);
      const { rss, total } = memory();
      const soft = bytesOf(limits.soft, total, 'memory.soft');
      const hard = bytesOf(limits.hard, total, 'memory.hard');
      const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
      if (soft > hard) {
        return { ok: false, message: `memory.soft (${limits.soft}) is above memory.hard (${limits.hard}).` };
      }
      const message = `${concurrency} steps at a time; ${gigabytes(rss)} of ${gigabytes(total)} memory in use.`;
      return { ok: rss < hard, message };
    },
    async execute(request, context) {
      const settings = settingsOf(config, request.options);
      return new Run({ request, context, settings, clock, memory, random }).execute();
    },
  };
}
