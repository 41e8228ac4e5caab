import type { Progress } from '@vp/contracts';
import { bytes, count, duration, short } from './format.ts';

/** Milliseconds between two lines where nothing can be redrawn. */
const plainInterval = 5_000;

/** Shows how far a transfer is: one line that is redrawn on a terminal, a line now and then elsewhere. */
export function transferProgress(stream: NodeJS.WriteStream, total: number | undefined) {
  const isLive = stream.isTTY && process.env.CI === undefined && process.env.TERM !== 'dumb';
  const started = performance.now();
  let shown = started;
  return {
    update({ rows = 0, bytes: size = 0 }: Progress): void {
      const now = performance.now();
      if (now - shown < (isLive ? 100 : plainInterval)) return;
      shown = now;
      const seconds = (now - started) / 1000;
      const left = total === undefined || rows === 0 ? '' : leftText({ rows, total, seconds });
      const text = `${count(rows)} rows, ${bytes(size)}, ${short(rows / seconds)} rows/s${left}`;
      stream.write(isLive ? `\r\u001b[K  ${text}` : `  ${text}\n`);
    },
    close(): void {
      if (isLive) stream.write('\r\u001b[K');
    },
  };
}

function leftText(facts: {
  readonly rows: number;
  readonly total: number;
  readonly seconds: number;
}): string {
  const { rows, total, seconds } = facts;
  // The total is an estimate: beyond it nothing can be said.
  return rows >= total ? '' : `, about ${duration((seconds * 1000 * (total - rows)) / rows)} left`;
}
