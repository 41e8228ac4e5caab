import type { TimeUnit } from '@vp/plugin-sdk';

const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
};

/** How to turn ticks of one unit into ticks of another; towards a coarser one they are cut off. */
export function tickConverter(from: TimeUnit, to: TimeUnit): (ticks: bigint) => bigint {
  if (from === to) return (ticks) => ticks;
  const [a, b] = [perSecond[from], perSecond[to]];
  if (b > a) return (ticks) => ticks * (b / a);
  const divisor = a / b;
  // Floored, as instants before 1970 would else be cut in the other direction.
  return (ticks) => (ticks - (((ticks % divisor) + divisor) % divisor)) / divisor;
}
