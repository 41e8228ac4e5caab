import { createHmac } from 'node:crypto';
import { describeThrown, type VpError } from '@vp/plugin-sdk';
import { sensitiveParts, type Target } from './config.ts';
import { errors } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';

export interface PostInit {
  readonly target: Target;
  readonly body: string;
  /** The same for all attempts, so that a receiver can tell a repeat. */
  readonly delivery: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Why an attempt failed. */
export interface PostFailure {
  readonly error: VpError;
  /** When the receiver wants the next attempt. */
  readonly retryAfterMs: number | undefined;
}

/** One attempt. Rejects only with the reason of `signal`. */
export async function post(init: PostInit): Promise<PostFailure | undefined> {
  const { target, body, timeoutMs, signal } = init;
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      body,
      headers: headersOf(init),
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
    });
    const answer = response.ok ? '' : await excerpt(response, target);
    // Unread, it would hold the connection.
    if (response.ok) await response.body?.cancel();
    return failureOf(response, answer, init.now());
  } catch (thrown) {
    signal.throwIfAborted();
    const problem = late.aborted ? `no answer within ${timeoutMs} ms` : scrub(reasonOf(thrown), target);
    return { error: errors.VP_WEBHOOK_UNREACHABLE({ problem }), retryAfterMs: undefined };
  }
}

function failureOf({ status, ok, headers }: Response, answer: string, now: number): PostFailure | undefined {
  if (ok) return undefined;
  if (status >= 300 && status < 400) return final(errors.VP_WEBHOOK_REDIRECT({ status }));
  const isTransient = status >= 500 || [408, 425, 429].includes(status);
  if (!isTransient) return final(errors.VP_WEBHOOK_REFUSED({ status, answer }));
  return {
    error: errors.VP_WEBHOOK_BUSY({ status, answer }),
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now),
  };
}

const final = (error: VpError): PostFailure => ({ error, retryAfterMs: undefined });

function headersOf({ target, body, delivery, now }: PostInit): Record<string, string> {
  const timestamp = String(Math.floor(now() / 1000));
  const signed =
    target.signingKey === undefined
      ? {}
      : {
          'x-vp-timestamp': timestamp,
          'x-vp-signature': `sha256=${createHmac('sha256', target.signingKey).update(`${timestamp}.${body}`).digest('hex')}`,
        };
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'VibePiper',
    'x-vp-delivery': delivery,
    ...signed,
    ...target.headers,
  };
}

/** The system's own code: its messages name the host, which belongs to the secret URL. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return describeThrown(cause);
}

/** The start of an answer, for people, without what must not be seen. */
async function excerpt(response: Response, target: Target): Promise<string> {
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader !== undefined && text.length < 1_000) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader?.cancel();
  const line = scrub(text, target).replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return line === '' ? '' : `: ${line}`;
}

function scrub(text: string, target: Target): string {
  return sensitiveParts(target).reduce((clean, part) => clean.replaceAll(part, '[redacted]'), text);
}
