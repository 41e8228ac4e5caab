import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_EVENTS_NOT_STORED: {
    class: 'internal',
    summary: 'Events of a run could not be written to the store.',
    message: (p: { count: number; problem: string }) => `${p.count} events could not be stored: ${p.problem}`,
    hint: () => 'Data and snapshots are not affected. Check disk space and the store: vp doctor',
  },
  VP_EVENT_LISTENER_FAILED: {
    class: 'plugin',
    summary: 'A listener of the event stream threw. It stays subscribed, and others go on.',
    message: (p: { type: string; times: number; problem: string }) =>
      `A listener failed at event ${p.type} (${p.times === 1 ? 'first time' : `${p.times} times so far`}): ${p.problem}`,
    hint: () =>
      'The run is not affected. The listener is that of a plugin: its author has to catch what it throws.',
  },
});
