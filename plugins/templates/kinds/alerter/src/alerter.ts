import { type Alert, type Alerter, type CallContext, type Clock, isVpError } from '@vp/plugin-sdk';
import { type {{class}}Config, urlOf } from './config.ts';
import { errors } from './errors.ts';
import { messageOf } from './message.ts';

const timeoutMs = 10_000;

/** Posts each alert to a chat, in order, again when the chat is busy. */
export function create{{class}}Alerter(init: { readonly config: {{class}}Config; readonly clock: Clock }): Alerter {
  const { config, clock } = init;
  const { retries = 3, retry_delay_ms: delayMs = 1000 } = config;

  async function post(text: string, signal: AbortSignal): Promise<void> {
    let response: Response;
    try {
      response = await fetch(urlOf(config), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
    } catch (cause) {
      signal.throwIfAborted();
      // Messages of fetch name the host, which belongs to the secret: its code says enough.
      throw errors.VP_{{code}}_UNREACHABLE({ problem: codeOf(cause) });
    }
    await response.body?.cancel();
    const { status, ok } = response;
    if (ok) return;
    if (status === 429 || status >= 500) throw errors.VP_{{code}}_UNREACHABLE({ problem: `status ${status}` });
    throw errors.VP_{{code}}_REFUSED({ status });
  }

  async function deliver(alert: Alert, { signal, logger }: CallContext): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await post(messageOf(alert), signal);
      } catch (error) {
        signal.throwIfAborted();
        const isTransient = isVpError(error) && error.class === 'transient';
        if (!isTransient || attempt === retries) throw error;
        logger.debug('The chat is busy.', { attempt: attempt + 1 });
        await clock.sleep(delayMs * 2 ** attempt, signal);
      }
    }
  }

  return {
    async check({ signal }) {
      signal.throwIfAborted();
      const url = URL.parse(urlOf(config));
      // A message to try it would wake people.
      return url === null || !/^https?:$/.test(url.protocol)
        ? { ok: false, message: 'url is no http or https URL', hint: 'Correct it in [alerter.{{id}}].' }
        : { ok: true, message: 'whether the chat takes alerts shows with the first' };
    },
    async send(alerts, context) {
      for (const alert of alerts) await deliver(alert, context);
    },
  };
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Error && cause.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'no connection';
}
