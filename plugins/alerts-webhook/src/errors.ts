import { defineErrors } from '@vp/plugin-sdk';

export const { errors, table: errorTable } = defineErrors({
  VP_WEBHOOK_URL: {
    class: 'config',
    summary: 'The URL of the webhook is not one that can be posted to.',
    message: (p: { problem: string }) => `The URL of the webhook ${p.problem}.`,
    hint: () => 'Correct `url` in [alerter.webhook], or the secret that it refers to.',
  },
  VP_WEBHOOK_HEADER: {
    class: 'config',
    summary: 'A header of the webhook has a name or value that HTTP does not allow.',
    message: (p: { name: string; problem: string }) => `Header ${p.name} of the webhook ${p.problem}.`,
    hint: () => 'Correct `headers` in [alerter.webhook]; look for line breaks in the secret.',
  },
  VP_WEBHOOK_UNREACHABLE: {
    class: 'transient',
    summary: 'The webhook could not be reached, or did not answer in time.',
    message: (p: { problem: string }) => `The webhook did not answer: ${p.problem}.`,
    hint: () => 'Check the network and the receiver: vp doctor',
  },
  VP_WEBHOOK_BUSY: {
    class: 'transient',
    summary: 'The webhook answered that it cannot take alerts now (408, 425, 429, 5xx).',
    message: (p: { status: number; answer: string }) => `The webhook answered ${p.status}${p.answer}.`,
    hint: () => 'Look at the receiver; the alert was tried several times.',
  },
  VP_WEBHOOK_REFUSED: {
    class: 'config',
    summary: 'The webhook refused the alert (4xx). Trying again would not help.',
    message: (p: { status: number; answer: string }) =>
      `The webhook refused the alert with ${p.status}${p.answer}.`,
    hint: (p) =>
      p.status === 404 || p.status === 410
        ? 'The webhook does not exist any more: correct `url` in [alerter.webhook].'
        : 'Check `url`, `headers` and `format` in [alerter.webhook].',
  },
  VP_WEBHOOK_REDIRECT: {
    class: 'config',
    summary: 'The webhook redirects. Alerts are not sent to where it points, which nobody configured.',
    message: (p: { status: number }) =>
      `The webhook redirects (${p.status}), and redirects are not followed.`,
    hint: () => 'Set `url` in [alerter.webhook] to the final address.',
  },
});
