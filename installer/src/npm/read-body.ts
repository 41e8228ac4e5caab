/** Code of the error of an answer that is larger than anything that was asked for. */
export const tooLarge = 'VP_BODY_TOO_LARGE';

/**
 * All bytes of a response. By events: npm's streams are iterated with a listener for each chunk, and
 * Node.js warns of too many.
 */
export function readBody(
  body: NodeJS.ReadableStream,
  options: {
    readonly signal: AbortSignal;
    readonly count?: ((bytes: number) => void) | undefined;
    /** More of them is an error. */
    readonly most?: number | undefined;
  },
): Promise<Buffer> {
  const { signal, count, most = Number.POSITIVE_INFINITY } = options;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const abort = () => reject(signal.reason);
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', abort);
      settle();
    };
    signal.addEventListener('abort', abort, { once: true });
    body.on('data', (chunk: Buffer | string) => {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      count?.(bytes.length);
      if (size > most) {
        // Nothing of it is read on: what comes unpacked may have no end.
        body.pause();
        chunks.length = 0;
        const reason = new RangeError(`more than ${Math.round(most / 2 ** 20)} MiB`);
        end(() => reject(Object.assign(reason, { code: tooLarge })));
      } else chunks.push(bytes);
    });
    body.on('error', (error) => end(() => reject(error)));
    body.on('end', () => end(() => resolve(Buffer.concat(chunks))));
    if (signal.aborted) abort();
  });
}
