import { createSecret } from '@vp/plugin-sdk';
import { alerterKit, conformance } from '@vp/plugin-sdk/testing';
import { receiver, status } from '../test/receiver.ts';
import { createWebhookAlerter } from './alerter.ts';
import type { WebhookConfig } from './config.ts';

const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
};
const secret = (value: string) => createSecret({ ref: 'secret://env/HOOK', value });

const subject = (format: NonNullable<WebhookConfig['format']>) => async () => {
  const delivered: string[] = [];
  let refusals = 0;
  await using stack = new AsyncDisposableStack();
  const serve = async (path: string, answer: Parameters<typeof receiver>[0]) => {
    const { url } = stack.use(await receiver(answer));
    return secret(url.replace('/services', path));
  };
  const take = await serve('/take', (response, _, { method, body }) => {
    if (method === 'POST') delivered.push(body);
    status(200)(response);
  });
  const down = await serve('/down', status(503));
  const flaky = await serve('/flaky', (response, _, { body }) => {
    refusals += 1;
    if (refusals > 2) delivered.push(body);
    status(refusals > 2 ? 200 : 500)(response);
  });
  const silent = await serve('/silent', () => {});
  const open = (url: WebhookConfig['url']) => () =>
    createWebhookAlerter({
      config: {
        url,
        format,
        headers: { Authorization: secret('Bearer conformance-t0ken') },
        signing_key: secret('conformance-key'),
        backoff: { min_ms: 1, max_ms: 5 },
      },
      clock,
    });
  const servers = stack.move();
  return {
    open: open(take),
    openDown: open(down),
    openFlaky: open(flaky),
    openSilent: open(silent),
    delivered: () => delivered,
    secrets: [take.reveal(), down.reveal(), 'conformance-t0ken', 'conformance-key'],
    dispose: () => servers.disposeAsync(),
  };
};

for (const format of ['generic', 'slack'] as const) {
  conformance(alerterKit, {
    id: 'webhook',
    variant: format,
    from: import.meta.dirname,
    create: subject(format),
  });
}
