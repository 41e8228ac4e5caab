import { createHookRef } from '@vp/contracts';
import { HookBus } from '../../kernel/src/hooks/index.ts';
import type { Benchmark } from '../../scripts/lib/bench.ts';
import { median } from './lib/numbers.ts';

const taps = 10;
const calls = 20_000;
const rounds = 15;

interface Counter {
  count: number;
}

/** As different functions as ten plugins would bring, so that neither side profits from inlining one. */
function functions(): readonly ((arg: Counter) => Promise<void>)[] {
  return Array.from({ length: taps }, (_, i) => async (arg: Counter) => {
    arg.count += i;
  });
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < calls; call++) await work();
  return ((performance.now() - start) / calls) * 1_000;
}

export default {
  name: 'hook dispatch, 10 taps',
  limit: 'a loop over 10 async functions',
  async run() {
    const arg: Counter = { count: 0 };
    const plain = functions();
    const loop = async () => {
      for (const run of plain) await run(arg);
    };
    const all = async () => {
      await Promise.all(plain.map((run) => run(arg)));
    };
    const rows = [];
    for (const kind of ['series', 'parallel'] as const) {
      const bus = new HookBus();
      const ref = createHookRef<Counter>({ id: `bench.${kind}`, major: 1, kind });
      for (const [i, run] of functions().entries()) bus.tap({ plugin: `plugin-${i}`, ref, run });
      const dispatch = () => bus.call(ref, arg);
      const base = kind === 'series' ? loop : all;
      const measured: number[] = [];
      const limit: number[] = [];
      // Side by side, in turns: what disturbs one round disturbs both.
      for (let round = 0; round < rounds; round++) {
        limit.push(await time(base));
        measured.push(await time(dispatch));
      }
      rows.push({ measured: median(measured), limit: median(limit), unit: 'µs', target: 3, note: kind });
    }
    return rows;
  },
} satisfies Benchmark;
