import type { CallContext, Payload } from '@vp/contracts';

/**
 * Counts what passes through payloads and reports it: rows where they are seen, else bytes. Files move past
 * JavaScript and are not counted.
 */
export function createMeter(context: CallContext): (payload: Payload) => Payload {
  let rows = 0;
  let bytes = 0;
  async function* counted<T>(items: AsyncIterable<T>, add: (item: T) => void): AsyncGenerator<T> {
    for await (const item of items) {
      add(item);
      context.progress({ rows, bytes, activity: 'copying' });
      yield item;
    }
  }
  return (payload) => {
    if (payload.carrier === 'rows') {
      const batches = counted(payload.batches, (batch) => {
        rows += batch.length;
      });
      return { ...payload, batches };
    }
    if (payload.carrier === 'stream') {
      const stream = counted(payload.stream, (chunk) => {
        bytes += chunk.length;
      });
      return { ...payload, stream };
    }
    return payload;
  };
}
