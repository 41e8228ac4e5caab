import { duration } from '../ui/format.ts';
import type { Style } from '../ui/style.ts';
import { type CycleResult, devCycle } from './dev-cycle.ts';
import type { DevLink } from './dev-link.ts';
import { watchFolder } from './watch.ts';

/** One line for what a look came to, and what is wrong beneath it. */
export function cycleView({ steps, ok, problems }: CycleResult, style: Style): string {
  const time = new Date().toTimeString().slice(0, 8);
  const parts = steps.map(
    (step) => `${style(step.ok ? 'green' : 'red', step.text)} ${style('dim', duration(step.ms))}`,
  );
  const head = `${style('dim', time)}  ${ok ? style('green', 'ok') : style('red', 'no')}  ${parts.join('  ')}`;
  return [head, ...problems.map((problem) => `    ${problem.replaceAll('\n', '\n    ')}`)].join('\n');
}

/** Looks at once, and then after each save, until the signal aborts. A save ends the look that is under way. */
export async function watchCycles(init: {
  readonly link: DevLink;
  readonly directory: string;
  readonly assets: readonly string[];
  readonly once: boolean;
  readonly signal: AbortSignal;
  said(result: CycleResult): void;
}): Promise<CycleResult | undefined> {
  const { once, signal, said, directory, ...request } = init;
  let last: CycleResult | undefined;
  let saved = Promise.withResolvers<void>();
  let look = new AbortController();
  if (!once) {
    watchFolder(directory, {
      signal,
      changed() {
        look.abort();
        saved.resolve();
      },
    });
  }
  const ended = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  while (!signal.aborted) {
    saved = Promise.withResolvers();
    look = new AbortController();
    try {
      last = await devCycle({ ...request, directory, signal: AbortSignal.any([signal, look.signal]) });
      said(last);
    } catch (error) {
      if (!signal.aborted && !look.signal.aborted) throw error;
    }
    if (once) break;
    if (!look.signal.aborted) await Promise.race([saved.promise, ended]);
  }
  return last;
}
