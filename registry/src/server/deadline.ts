import type { ServerResponse } from 'node:http';

/**
 * Answers in the engine's place when it has not begun to answer in time: an upstream that sends a byte a second would
 * hold it up for hours. What the engine says after that goes nowhere.
 */
export function withDeadline(
  response: ServerResponse,
  options: { readonly ms: number; readonly late: () => void },
): void {
  const { setHeader, writeHead, write, end } = response;
  const timer = setTimeout(() => {
    if (response.headersSent || response.destroyed) return;
    // Without what the engine's layers put around them.
    Object.assign(response, { setHeader, writeHead, write, end });
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    options.late();
    Object.assign(response, {
      setHeader: () => response,
      removeHeader: () => undefined,
      writeHead: () => response,
      write: () => true,
      end: () => response,
    });
  }, options.ms);
  response.once('close', () => clearTimeout(timer));
}
