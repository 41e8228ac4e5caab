import type { Readable } from 'node:stream';

/** What a process prints, as lines: cut when long, slowed down when many. */
export interface OutputInit {
  line(text: string): void;
  /** Lines were left out. */
  skipped(count: number): void;
}

const longest = 4_096;
const perSecond = { lines: 200, bytes: 256 * 2 ** 10 };

/**
 * Gives a stream's lines. Beyond so much a second they are counted and not given; beyond four times
 * that, nothing is read until the second is over, so that whoever prints has to wait.
 */
export function readOutput(stream: Readable, init: OutputInit): void {
  let rest = '';
  let lines = 0;
  let bytes = 0;
  let skipped = 0;
  let second = performance.now();
  const give = (text: string) => {
    lines += 1;
    if (lines > perSecond.lines || bytes > perSecond.bytes) skipped += 1;
    else init.line(text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text);
  };
  const roll = () => {
    if (skipped > 0) init.skipped(skipped);
    lines = 0;
    bytes = 0;
    skipped = 0;
    second = performance.now();
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (performance.now() - second > 1_000) roll();
    bytes += chunk.length;
    const parts = (rest + chunk).split('\n');
    rest = (parts.pop() ?? '').slice(0, longest * 2);
    for (const part of parts) if (part !== '') give(part);
    if (bytes > perSecond.bytes * 4) {
      stream.pause();
      setTimeout(() => {
        roll();
        stream.resume();
      }, 1_000).unref();
    }
  });
  stream.on('end', () => {
    if (rest !== '') give(rest);
    roll();
  });
  stream.on('error', () => {
    // The process is gone, and its exit is told by itself.
  });
}
