import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Alert, Alerter, CallContext } from '@vp/contracts';
import { testContext } from '../../testing/test-context.ts';
import { passTime } from '../data/pass-time.ts';
import {
  ensure,
  ensureCancelled,
  ensureNoSecrets,
  ensureSame,
  ensureSameCode,
  ensureVpError,
} from '../ensure.ts';
import type { Law } from '../law.ts';
import type { AlerterSubject } from './subject.ts';

/** An alert, recognisable by its title. */
function alert(title: string, more: Partial<Alert> = {}): Alert {
  return {
    key: `check:${title}`,
    state: 'firing',
    severity: 'error',
    title,
    text: `Text of ${title}.`,
    at: 1_767_225_600_000,
    since: 1_767_225_000_000,
    count: 1,
    project: 'shop',
    asset: 'orders',
    runId: 'run-1',
    ...more,
  };
}

const send = (
  subject: AlerterSubject,
  alerter: Alerter,
  alerts: readonly Alert[],
  context: CallContext = testContext(),
) => passTime(subject.clock, alerter.send(alerts, context));

/** How often a text has arrived. */
async function arrivals(subject: AlerterSubject, text: string): Promise<number> {
  return (await subject.delivered()).join('\n').split(text).length - 1;
}

async function ensureOnce(subject: AlerterSubject, text: string): Promise<void> {
  ensureSame((await arrivals(subject, text)) > 0, true, `whether “${text}” arrived`);
  const deliveries = (await subject.delivered()).filter((d) => d.includes(text)).length;
  ensureSame(deliveries, 1, `the number of deliveries with “${text}”`);
}

/** What arrives for one alert. */
async function deliveryOf(subject: AlerterSubject, sent: Alert): Promise<string> {
  const before = (await subject.delivered()).length;
  await send(subject, await subject.open(), [sent]);
  return (await subject.delivered()).slice(before).join('\n');
}

/** The laws of alerters. */
export const alerterLaws: readonly Law<AlerterSubject>[] = [
  {
    id: 'A01',
    title: 'check says yes to a destination that works, and sends nobody an alert',
    proves: '`vp doctor` can be run at any time.',
    level: 'must',
    async run(subject) {
      const report = await (await subject.open()).check?.(testContext());
      ensure(report?.ok !== false, `check says no: ${report?.message}`);
      ensureSame((await subject.delivered()).length, 0, 'the number of deliveries');
    },
  },
  {
    id: 'A02',
    title: 'check never throws',
    proves: '`vp doctor` goes on to the next alerter.',
    level: 'must',
    exempt: (subject) => (subject.openDown ? undefined : 'its destination cannot be down'),
    async run(subject) {
      const report = await passTime(
        subject.clock,
        Promise.resolve((await subject.openDown?.())?.check?.(testContext())),
      );
      ensure(report === undefined || report.message.trim() !== '', 'check gives no message');
    },
  },
  {
    id: 'A03',
    title: 'an alert arrives, once, with its title and text',
    proves: 'People are told.',
    level: 'must',
    async run(subject) {
      await send(subject, await subject.open(), [alert('orders are late')]);
      await ensureOnce(subject, 'orders are late');
      ensure((await arrivals(subject, 'Text of orders are late.')) > 0, 'the text did not arrive');
    },
  },
  {
    id: 'A04',
    title: 'every alert of a call arrives, in order',
    proves: 'Cause stands before consequence, and nothing is dropped when much goes wrong.',
    level: 'must',
    async run(subject) {
      const titles = Array.from({ length: 50 }, (_, i) => `problem no. ${String(i).padStart(2, '0')};`);
      await send(
        subject,
        await subject.open(),
        titles.map((title) => alert(title)),
      );
      const text = (await subject.delivered()).join('\n');
      const places = titles.map((title) => text.indexOf(title));
      const missing = titles.find((_, i) => places[i] === -1);
      ensure(missing === undefined, `“${missing}” did not arrive`);
      ensureSame(
        places.toSorted((a, b) => a - b),
        places,
        'the order',
      );
    },
  },
  {
    id: 'A05',
    title: 'no alerts send nothing',
    proves: 'Nobody is woken by an empty message.',
    level: 'must',
    async run(subject) {
      await send(subject, await subject.open(), []);
      ensureSame((await subject.delivered()).length, 0, 'the number of deliveries');
    },
  },
  {
    id: 'A06',
    title: 'a resolved alert is told from a firing one',
    proves: 'People see that a problem is over.',
    level: 'must',
    async run(subject) {
      const firing = await deliveryOf(subject, alert('orders are late'));
      const resolved = await deliveryOf(subject, alert('orders are late', { state: 'resolved' }));
      ensure(resolved !== '', 'the resolved alert did not arrive');
      ensure(firing !== resolved, 'both look the same');
    },
  },
  {
    id: 'A07',
    title: 'severities look different',
    proves: 'The urgent one is seen first.',
    level: 'must',
    async run(subject) {
      const seen = new Set<string>();
      for (const severity of ['info', 'warn', 'error', 'critical'] as const)
        seen.add(await deliveryOf(subject, alert('orders are late', { severity })));
      ensureSame(seen.size, 4, 'the number of different deliveries');
    },
  },
  {
    id: 'A08',
    title: 'any text arrives without harm to the alerts beside it',
    proves: 'Names and error messages of users cannot break or forge alerts.',
    level: 'must',
    async run(subject) {
      const hostile =
        'quote " tag <b> brace {{x}} back \\ nul \u0000 bell \u0007 esc \u001b[2J line\nnext\r\n';
      const alerts = [
        alert('first neighbour'),
        alert(`hostile begins ${hostile}`, { text: hostile.repeat(50) }),
        alert('lone surrogate begins \ud800', { text: '💥'.repeat(200) }),
        alert('second neighbour'),
      ];
      await send(subject, await subject.open(), alerts);
      for (const title of ['first neighbour', 'hostile begins', 'lone surrogate begins', 'second neighbour'])
        ensure((await arrivals(subject, title)) > 0, `“${title}” did not arrive`);
      const raw = (await subject.delivered()).join('\n');
      ensure(
        !raw.includes('\u001b[2J') && !raw.includes('\u0000'),
        'control characters arrived as they were',
      );
    },
  },
  {
    id: 'A09',
    title: 'a very long text does not keep the alert from arriving',
    proves: 'A stack trace of a megabyte is cut, not lost with its alert.',
    level: 'must',
    async run(subject) {
      await send(subject, await subject.open(), [alert('long one', { text: 'x'.repeat(1_000_000) })]);
      ensure((await arrivals(subject, 'long one')) > 0, 'it did not arrive');
    },
  },
  {
    id: 'A10',
    title: 'a destination that is down is a VpError',
    proves: 'The host logs why nobody was told, and goes on.',
    level: 'must',
    exempt: (subject) => (subject.openDown ? undefined : 'its destination cannot be down'),
    async run(subject) {
      const alerter = await subject.openDown?.();
      if (alerter === undefined) return;
      const error = await ensureVpError(send(subject, alerter, [alert('orders are late')]), 'send');
      ensure(error.hint !== undefined, `${error.code} has no hint`);
    },
  },
  {
    id: 'A11',
    title: 'a destination that refuses twice and then takes it gets the alert once',
    proves: 'A hiccup of the network loses no alert and doubles none.',
    level: 'must',
    exempt: (subject) => (subject.openFlaky ? undefined : 'its destination cannot be down'),
    async run(subject) {
      const alerter = await subject.openFlaky?.();
      if (alerter === undefined) return;
      await send(subject, alerter, [alert('orders are late')]);
      await ensureOnce(subject, 'orders are late');
    },
  },
  {
    id: 'A12',
    title: 'an abort ends a send within a second with the reason, also while nobody answers',
    proves: 'A dead endpoint does not keep `vp` from ending.',
    level: 'must',
    exempt: (subject) => (subject.openSilent ? undefined : 'its destination always answers'),
    async run(subject) {
      const alerter = await subject.openSilent?.();
      if (alerter === undefined) return;
      const context = testContext();
      const reason = new Error('enough');
      setTimeout(() => context.abort(reason), 50);
      await ensureCancelled(alerter.send([alert('orders are late')], context), reason, 'send');
    },
  },
  {
    id: 'A13',
    title: 'a call whose signal is aborted already sends nothing and rejects with the reason',
    proves: 'A cancelled process tells nobody any more.',
    level: 'must',
    async run(subject) {
      const context = testContext();
      const reason = new Error('never started');
      context.abort(reason);
      const alerter = await subject.open();
      await ensureCancelled(alerter.send([alert('orders are late')], context), reason, 'send');
      ensureSame((await subject.delivered()).length, 0, 'the number of deliveries');
    },
  },
  {
    id: 'A14',
    title: 'sends at the same time all arrive, each once',
    proves: 'One instance serves the whole process.',
    level: 'must',
    async run(subject) {
      const alerter = await subject.open();
      const titles = Array.from({ length: 10 }, (_, i) => `parallel problem ${i};`);
      await Promise.all(titles.map((title) => send(subject, alerter, [alert(title)])));
      for (const title of titles) await ensureOnce(subject, title);
    },
  },
  {
    id: 'A15',
    title: 'the alerts are left as they were',
    proves: 'The next alerter gets the same.',
    level: 'must',
    async run(subject) {
      const alerts = [alert('orders are late', { tags: ['b', 'a'], details: { rows: [3, 1, 2] } })];
      const copy = structuredClone(alerts);
      await send(subject, await subject.open(), alerts);
      ensure(isDeepStrictEqual(alerts, copy), 'they were changed');
    },
  },
  {
    id: 'A16',
    title: 'no secret of the configuration is in deliveries, logs or errors',
    proves: 'A webhook’s token does not end up in the log.',
    level: 'must',
    exempt: (subject) => (subject.secrets?.length ? undefined : 'its configuration has no secrets'),
    async run(subject) {
      const context = testContext();
      const seen: unknown[] = [];
      for (const alerter of [await subject.open(), await subject.openDown?.()]) {
        if (alerter === undefined) continue;
        seen.push(await alerter.check?.(context));
        seen.push(await send(subject, alerter, [alert('orders are late')], context).catch((e: unknown) => e));
      }
      ensureNoSecrets([...seen, context.text(), ...(await subject.delivered())], subject.secrets ?? []);
    },
  },
  {
    id: 'A17',
    title: 'of several alerts some of which are refused at first, each arrives once',
    proves: 'A retry repeats what was refused, and not what people have seen already.',
    level: 'must',
    exempt: (subject) => (subject.openFlaky ? undefined : 'its destination cannot be down'),
    async run(subject) {
      for (const from of [1, 2, 3]) {
        const alerter = await subject.openFlaky?.(from);
        if (alerter === undefined) return;
        const titles = [1, 2, 3].map((n) => `problem ${n} of round ${from};`);
        await send(
          subject,
          alerter,
          titles.map((title) => alert(title)),
        );
        for (const title of titles) await ensureOnce(subject, title);
      }
    },
  },
  {
    id: 'A18',
    title: 'an abort also ends the wait between two tries, within a second and with the reason',
    proves: 'An alert that nobody takes does not keep `vp` from ending.',
    level: 'must',
    exempt: (subject) => (subject.openDown ? undefined : 'its destination cannot be down'),
    async run(subject) {
      const alerter = await subject.openDown?.();
      if (alerter === undefined) return;
      const context = testContext();
      const reason = new Error('enough');
      const work = alerter.send([alert('orders are late')], context).then(
        () => undefined,
        (error: unknown) => error,
      );
      if ((await Promise.race([work, pause(30, 'waits')])) !== 'waits') return;
      context.abort(reason);
      await ensureCancelled(
        work.then((error) => Promise.reject(error)),
        reason,
        'a send that waits for its next try',
      );
    },
  },
  {
    id: 'A19',
    title: 'the same fault gives the same error code and class, each time and from each instance',
    proves: 'Codes can be looked up, matched in alerts and counted.',
    level: 'must',
    exempt: (subject) => (subject.openDown ? undefined : 'its destination cannot be down'),
    async run(subject) {
      const down = async () => {
        const alerter = await subject.openDown?.();
        if (alerter !== undefined) await send(subject, alerter, [alert('orders are late')]);
      };
      await ensureSameCode(down, 'a send to a destination that is down');
    },
  },
];
