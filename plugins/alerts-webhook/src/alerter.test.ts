import { createHmac } from 'node:crypto';
import { type Alert, createSecret, type JsonObject, VpError } from '@vp/plugin-sdk';
import { testContext } from '@vp/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { receiver, status } from '../test/receiver.ts';
import { createWebhookAlerter } from './alerter.ts';
import type { WebhookConfig } from './config.ts';

const clock = {
  now: () => Date.UTC(2026, 0, 1),
  monotonic: () => performance.now(),
  sleep: async (ms: number) => void slept.push(ms),
};
const slept: number[] = [];

const alert: Alert = {
  key: 'step:orders',
  state: 'firing',
  severity: 'error',
  title: 'orders failed',
  text: 'Connection <refused> & lost',
  at: 2_000,
  since: 1_000,
  count: 3,
  project: 'shop',
  environment: 'prod',
  asset: 'orders',
};

const secret = (value: string) => createSecret({ ref: 'secret://env/HOOK', value });
const quick = { backoff: { min_ms: 1, max_ms: 2 }, timeout_ms: 5_000 };

/** Sends, and gives the error with everything that was said. */
async function send(config: WebhookConfig, alerts: readonly Alert[] = [alert]) {
  slept.length = 0;
  const context = testContext();
  const alerter = createWebhookAlerter({ config: { ...quick, ...config }, clock });
  const error = await alerter.send(alerts, context).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const said = `${JSON.stringify(error instanceof VpError ? error : String(error))} ${error instanceof Error ? error.stack : ''} ${context.text()}`;
  return { error, said };
}

describe('what is sent', () => {
  test('generic JSON, with headers, a delivery id and a signature over time and body', async () => {
    await using hook = await receiver(status(204));
    const headers = { Authorization: secret('Bearer t0ken\n'), 'X-Plain': 'p' };
    const { error } = await send({ url: secret(hook.url), headers, signing_key: secret('k') });
    expect(error).toBeUndefined();
    const [got] = hook.received;
    expect(JSON.parse(got?.body ?? '')).toEqual({ version: 1, alerts: [alert] });
    expect(got).toMatchObject({
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        authorization: 'Bearer t0ken',
        'x-plain': 'p',
        'x-vp-timestamp': '1767225600',
        'x-vp-signature': `sha256=${createHmac('sha256', 'k').update(`1767225600.${got?.body}`).digest('hex')}`,
        'x-vp-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  test('Slack messages, whose text cannot mention anybody', async () => {
    await using hook = await receiver(status(200, {}, 'ok'));
    await send({ url: hook.url, format: 'slack' }, [
      alert,
      { ...alert, state: 'resolved', text: '<!channel>' },
    ]);
    const body: JsonObject = JSON.parse(hook.received[0]?.body ?? '');
    expect(body.text).toBe('orders failed and 1 more');
    expect(body.blocks).toMatchObject([
      {
        type: 'section',
        text: { text: ':red_circle: *orders failed*\nConnection &lt;refused&gt; &amp; lost' },
      },
      {
        type: 'context',
        elements: [{ text: expect.stringContaining('shop/prod · asset orders · 3 times') }],
      },
      { text: { text: ':white_check_mark: *Resolved: orders failed*\n&lt;!channel&gt;' } },
      {},
    ]);
  });

  test('many alerts go in several posts, none of them too large for Slack', async () => {
    await using hook = await receiver(status(200));
    const many = Array.from({ length: 45 }, (_, n) => ({ ...alert, key: `k${n}`, text: 'x'.repeat(5_000) }));
    await send({ url: hook.url, format: 'slack' }, many);
    const posts: { blocks: { text?: { text: string } }[] }[] = hook.received.map(({ body }) =>
      JSON.parse(body),
    );
    expect(posts.map(({ blocks }) => blocks.length)).toEqual([40, 40, 10]);
    expect(
      Math.max(...posts.flatMap(({ blocks }) => blocks.map((b) => b.text?.text.length ?? 0))),
    ).toBeLessThan(3_000);
  });
});

describe('retries', () => {
  test('500 then 200: the same delivery arrives', async () => {
    await using hook = await receiver((response, nth) => status(nth < 3 ? 500 : 200)(response));
    const { error } = await send({ url: hook.url });
    expect(error).toBeUndefined();
    expect(hook.received).toHaveLength(3);
    expect(new Set(hook.received.map(({ headers }) => headers['x-vp-delivery']))).toHaveLength(1);
  });

  test('429 waits as long as the receiver asks', async () => {
    await using hook = await receiver((response, nth) =>
      status(nth === 1 ? 429 : 200, { 'retry-after': '7' })(response),
    );
    expect((await send({ url: hook.url })).error).toBeUndefined();
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThan(6_900);
    expect(slept[0]).toBeLessThanOrEqual(7_000);
  });

  test('a receiver that asks for an hour is not waited for', async () => {
    await using hook = await receiver(status(503, { 'retry-after': '3600' }));
    expect((await send({ url: hook.url })).error).toMatchObject({
      code: 'VP_WEBHOOK_BUSY',
      class: 'transient',
    });
    expect(hook.received).toHaveLength(1);
    expect(slept).toEqual([]);
  });

  test('after the last attempt it gives up, saying what the receiver said', async () => {
    await using hook = await receiver(status(502, {}, 'bad\n gateway'));
    const { error } = await send({ url: hook.url, retries: 2 });
    expect(error).toMatchObject({
      code: 'VP_WEBHOOK_BUSY',
      message: 'The webhook answered 502: bad gateway.',
    });
    expect(hook.received).toHaveLength(3);
  });

  test('a connection that breaks is tried again', async () => {
    await using hook = await receiver((response, nth) => {
      if (nth === 1) response.destroy();
      else status(200)(response);
    });
    expect((await send({ url: hook.url })).error).toBeUndefined();
    expect(hook.received).toHaveLength(2);
  });
});

describe('what is not tried again', () => {
  test.each([
    [400, 'VP_WEBHOOK_REFUSED', 'Check `url`, `headers` and `format` in [alerter.webhook].'],
    [404, 'VP_WEBHOOK_REFUSED', expect.stringContaining('does not exist any more')],
    [302, 'VP_WEBHOOK_REDIRECT', expect.stringContaining('final address')],
  ])('%i', async (code, expected, hint) => {
    await using elsewhere = await receiver(status(200));
    await using hook = await receiver(status(code, { location: elsewhere.url }, 'no_service'));
    const { error } = await send({ url: hook.url });
    expect(error).toMatchObject({ code: expected, class: 'config', hint });
    expect(hook.received).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
  });
});

describe('a receiver that is not there', () => {
  test('down', async () => {
    const hook = await receiver(status(200));
    await hook[Symbol.asyncDispose]();
    const { error, said } = await send({ url: secret(hook.url), retries: 1 });
    expect(error).toMatchObject({
      code: 'VP_WEBHOOK_UNREACHABLE',
      message: 'The webhook did not answer: ECONNREFUSED.',
    });
    expect(said).not.toContain('127.0.0.1');
  });

  test('a port that fetch refuses', async () => {
    const { error } = await send({ url: 'http://127.0.0.1:9/x', retries: 0 });
    expect(error).toMatchObject({ message: 'The webhook did not answer: bad port.' });
  });

  test('slow', async () => {
    await using hook = await receiver(() => {});
    const { error } = await send({ url: hook.url, retries: 1, timeout_ms: 30 });
    expect(error).toMatchObject({ message: 'The webhook did not answer: no answer within 30 ms.' });
    expect(hook.received).toHaveLength(2);
  });

  test('a cancelled run does not wait for it', async () => {
    await using hook = await receiver(() => {});
    const context = testContext();
    const sent = createWebhookAlerter({ config: { url: hook.url }, clock }).send([alert], context);
    const reason = new Error('Ctrl-C');
    context.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });
});

describe('the URL is never said', () => {
  test('not in errors, logs or echoed answers', async () => {
    await using hook = await receiver((response, _, got) => {
      response.writeHead(500).end(`no route ${got.path} for ${got.headers.authorization}`);
    });
    const headers = { authorization: secret('Bearer hunter2') };
    const { said } = await send({ url: secret(hook.url), headers, retries: 1 });
    expect(said).toContain('no route [redacted] for [redacted]');
    for (const part of ['T0PSECRET', '127.0.0.1', 'hunter2']) expect(said).not.toContain(part);
  });

  test.each([
    ['hunter2 is no url', 'VP_WEBHOOK_URL'],
    ['ftp://hunter2/x', 'VP_WEBHOOK_URL'],
    ['http://user:hunter2@localhost/', 'VP_WEBHOOK_URL'],
  ])('%s is refused without it', async (url, code) => {
    const { error, said } = await send({ url: secret(url) });
    expect(error).toMatchObject({ code });
    expect(said).not.toContain('hunter2');
  });

  test('headers that HTTP does not allow are named, not shown', async () => {
    const { error, said } = await send({
      url: 'http://localhost',
      headers: { 'X-Key': secret('a\nhunter2') },
    });
    expect(error).toMatchObject({ code: 'VP_WEBHOOK_HEADER', message: expect.stringContaining('X-Key') });
    expect(said).not.toContain('hunter2');
    expect((await send({ url: 'http://localhost', headers: { 'X Key': 'a' } })).error).toMatchObject({
      code: 'VP_WEBHOOK_HEADER',
    });
  });
});

test('check says whether the receiver is there, without an alert', async () => {
  await using hook = await receiver(status(405));
  const up = createWebhookAlerter({ config: { url: hook.url }, clock });
  expect(await up.check?.(testContext())).toMatchObject({ ok: true });
  expect(hook.received.map(({ method }) => method)).toEqual(['HEAD']);
  const gone = createWebhookAlerter({ config: { url: 'http://127.0.0.1:9/T0PSECRET' }, clock });
  const report = await gone.check?.(testContext());
  expect(report).toMatchObject({ ok: false });
  expect(JSON.stringify(report)).not.toContain('T0PSECRET');
});
