/**
 * A stream that ends with the signal's reason the moment the signal aborts, even while the stream
 * below waits for something that never comes. The stream below is closed.
 *
 * @example
 * ```ts
 * import { abortable, type CallContext, type RowBatch } from '@vp/plugin-sdk';
 * const read = (batches: AsyncIterable<RowBatch>, context: CallContext) => abortable(batches, context.signal);
 * ```
 */
export async function* abortable<T>(
  stream: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  signal.throwIfAborted();
  const iterator = stream[Symbol.asyncIterator]();
  const aborted = Promise.withResolvers<never>();
  // Nothing is swallowed: whoever asks for the next item gets the reason. Without a handler of its own,
  // an abort that comes while nobody asks would end the process as an unhandled rejection.
  aborted.promise.catch(() => undefined);
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    while (true) {
      const next = await Promise.race([iterator.next(), aborted.promise]);
      if (next.done === true) return;
      yield next.value;
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener('abort', abort);
    const closed = iterator.return?.();
    // A generator that still waits for its item queues the return: waiting for it would wait for the item.
    // What its closing fails with then has nobody left to tell; the consumer has the reason of the abort.
    if (signal.aborted) closed?.catch(() => undefined);
    else await closed;
  }
}
