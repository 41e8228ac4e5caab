import { defineErrors } from '@vp/plugin-sdk';

export const { errors, table: errorTable } = defineErrors({
  VP_ALERTS_CONSOLE_WRITE: {
    class: 'transient',
    summary: 'Alerts could not be written to the terminal, e.g. because its reader is gone.',
    message: (p: { count: number; stream: string; problem: string }) =>
      `${p.count} alerts could not be written to ${p.stream}: ${p.problem}.`,
    hint: () => 'Add a second alerter, e.g. "@vp/alerts-webhook", for runs that nobody watches.',
  },
});
