/**
 * Several streams as one, drained one after the other: parts of a read, pages of an API, a header
 * before a body. When the consumer stops, the stream at hand is closed and the rest are never begun.
 *
 * @example
 * ```ts
 * import { concatStreams } from '@vp/plugin-sdk';
 * const page = async function* (n: number) { yield new Uint8Array([n]); };
 * const bytes = concatStreams([page(1), page(2)]);
 * ```
 */
export async function* concatStreams<T>(
  streams: Iterable<AsyncIterable<T>> | AsyncIterable<AsyncIterable<T>>,
): AsyncGenerator<T, void, undefined> {
  for await (const stream of streams) yield* stream;
}
