import type { VpError } from '@vp/contracts';

/**
 * What `work` gives, or the error of `late` when it takes longer than `ms`. The timer keeps the
 * process alive: a promise that nobody will settle must end in an error, not in a silent exit.
 */
export async function timeLimit<T>(
  work: () => Promise<T>,
  limit: { readonly ms: number; readonly late: (ms: number) => VpError },
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(limit.late(limit.ms)), limit.ms);
  try {
    return await Promise.race([work(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
