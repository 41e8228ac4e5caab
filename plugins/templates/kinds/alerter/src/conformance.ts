import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@vp/plugin-sdk';
import { defineConformance } from '@vp/plugin-sdk/conformance';
import { create{{class}}Alerter } from './alerter.ts';
import { startDemoChat } from './demo-chat.ts';

const clock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
};

/** What `npm test` and `vp plugins conformance` prove the alerter on. */
export default defineConformance({
  alerters: {
    '{{id}}': {
      async create() {
        await using stack = new AsyncDisposableStack();
        const start = async (answer: Parameters<typeof startDemoChat>[0]) => stack.use(await startDemoChat(answer));
        const up = await start({});
        const down = await start({ refusals: Number.POSITIVE_INFINITY });
        const flaky = await start({ refusals: 2 });
        const silent = await start({ isSilent: true });
        const open = ({ url }: { readonly url: string }) => () =>
          create{{class}}Alerter({ config: { url, retry_delay_ms: 1 }, clock });
        const chats = stack.move();
        return {
          open: open(up),
          openDown: open(down),
          openFlaky: open(flaky),
          openSilent: open(silent),
          delivered: () => [...up.taken, ...flaky.taken].map((body) => JSON.parse(body).text),
          secrets: ['t0ken-of-the-room'],
          dispose: () => chats.disposeAsync(),
        };
      },
    },
  },
});
