import type { Backoff } from './config.ts';

/**
 * Milliseconds before the attempt after `attempt` (1-based): grows by `factor` up to `maxMs`, give
 * or take `jitter`, so that steps that failed together do not come back together.
 */
export function delayAfter(attempt: number, backoff: Backoff, random: () => number): number {
  const { minMs, maxMs, factor, jitter } = backoff;
  const base = Math.min(maxMs, minMs * factor ** (attempt - 1));
  return Math.round(base * (1 + jitter * (2 * random() - 1)));
}
