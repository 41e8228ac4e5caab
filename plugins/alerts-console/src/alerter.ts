import { styleText } from 'node:util';
import { type Alerter, describeThrown } from '@vp/plugin-sdk';
import type { ConsoleAlerterConfig } from './config.ts';
import { errors } from './errors.ts';
import { formatAlert } from './format.ts';

/** Prints alerts on the terminal of the run. */
export function createConsoleAlerter(init: {
  readonly config: ConsoleAlerterConfig;
  /** The process's stream of the configured name when left out. */
  readonly stream?: NodeJS.WritableStream;
}): Alerter {
  const { stream: name = 'stderr', format = 'text' } = init.config;
  const stream = init.stream ?? process[name];
  // Obeys NO_COLOR, FORCE_COLOR and whether the stream is a terminal.
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream });
  return {
    async check() {
      return { ok: stream.writable, message: stream.writable ? `writes to ${name}` : `${name} is closed` };
    },
    async send(alerts, { signal }) {
      signal.throwIfAborted();
      if (alerts.length === 0) return;
      const lines = alerts.map((alert) =>
        format === 'json' ? `${JSON.stringify({ type: 'alert', ...alert })}\n` : formatAlert(alert, paint),
      );
      try {
        await write(stream, lines.join(''));
      } catch (cause) {
        const problem = describeThrown(cause);
        throw errors.VP_ALERTS_CONSOLE_WRITE({ count: alerts.length, stream: name, problem }, { cause });
      }
    },
  };
}

function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // The error comes by the callback, and after it as an event that would end the process unheard.
    stream.once('error', reject);
    stream.write(text, (error) => {
      if (error) return reject(error);
      stream.removeListener('error', reject);
      resolve();
    });
  });
}
