import { randomUUID } from 'node:crypto';
import type { Alerter, CallContext, Clock } from '@vp/plugin-sdk';
import pRetry from 'p-retry';
import { bodiesOf } from './bodies.ts';
import { targetOf, type WebhookConfig } from './config.ts';
import { type PostFailure, post } from './post.ts';

/** A receiver that wants more patience is left alone: the host gives a sending half a minute. */
const longestWaitMs = 20_000;

/** Posts alerts to a URL. */
export function createWebhookAlerter(init: {
  readonly config: WebhookConfig;
  readonly clock: Clock;
}): Alerter {
  const { config, clock } = init;
  const { format = 'generic', retries = 3, timeout_ms: timeoutMs = 10_000, backoff = {} } = config;

  const deliver = async (body: string, { signal, logger }: CallContext) => {
    const delivery = randomUUID();
    const target = targetOf(config);
    let failure: PostFailure | undefined;
    const attempt = async () => {
      failure = await post({ target, body, delivery, timeoutMs, signal, now: clock.now });
      if (failure !== undefined) throw failure.error;
    };
    await pRetry(attempt, {
      retries,
      minTimeout: backoff.min_ms ?? 1_000,
      maxTimeout: backoff.max_ms ?? 30_000,
      randomize: true,
      signal,
      shouldRetry: () => failure?.error.class === 'transient' && (failure.retryAfterMs ?? 0) <= longestWaitMs,
      onFailedAttempt: async ({ retriesLeft, retryDelay, attemptNumber }) => {
        const asked = failure?.retryAfterMs ?? 0;
        if (failure?.error.class !== 'transient' || retriesLeft === 0 || asked > longestWaitMs) return;
        logger.debug(`Attempt ${attemptNumber} failed: ${failure.error.message}`);
        // p-retry waits its own delay after this; together it is what the receiver asks for.
        if (asked > retryDelay) await clock.sleep(asked - retryDelay, signal);
      },
    });
  };

  return {
    async check({ signal }) {
      const { url, headers } = targetOf(config);
      const started = clock.monotonic();
      const late = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        // Any answer will do: most receivers know nothing but POST, and a test alert would wake people.
        await fetch(url, { method: 'HEAD', headers, redirect: 'manual', signal: late });
      } catch {
        signal.throwIfAborted();
        return {
          ok: false,
          message: 'the webhook cannot be reached',
          hint: 'Check `url` in [alerter.webhook].',
        };
      }
      const latencyMs = Math.round(clock.monotonic() - started);
      return {
        ok: true,
        message: 'the webhook can be reached; whether it takes alerts shows with the first',
        latencyMs,
      };
    },
    async send(alerts, context) {
      for (const body of bodiesOf(alerts, format)) await deliver(body, context);
    },
  };
}
