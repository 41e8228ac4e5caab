import { totalmem } from 'node:os';
import { errors } from './errors.ts';

/** What this process uses and may use, in bytes. */
export interface MemoryState {
  readonly rss: number;
  readonly total: number;
}

/** The process and its machine or container, whichever is smaller. */
export function processMemory(): MemoryState {
  const constrained = process.constrainedMemory();
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return { rss: process.memoryUsage.rss(), total };
}

const units: Readonly<Record<string, number>> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 };

/** `75%` of `total`, or `4GB`, in bytes. */
export function bytesOf(text: string, total: number, name: string): number {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(%|[kmgt]?b)\s*$/i.exec(text) ?? [];
  const factor = unit === '%' ? total / 100 : units[unit.toLowerCase()];
  if (factor !== undefined) return Number(number) * factor;
  throw errors.VP_EXECUTOR_BAD_OPTION({
    name,
    expected: 'a part like 75% or a size like 4GB',
    got: JSON.stringify(text),
  });
}
