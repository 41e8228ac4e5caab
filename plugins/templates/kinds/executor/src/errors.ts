import { defineErrors } from '@vp/plugin-sdk';

/** Every error of the plugin. */
export const { errors, table: errorTable } = defineErrors({
  VP_{{code}}_TIMEOUT: {
    class: 'user',
    summary: 'A step took longer than its time-out.',
    message: (p: { step: string; ms: number }) => `${p.step} was stopped: it took more than ${p.ms} ms.`,
    hint: () => 'Give it more time in the pipeline, or less to do.',
  },
  VP_{{code}}_STEP: {
    class: 'internal',
    summary: 'A step could not be run at all.',
    message: (p: { step: string; problem: string }) => `${p.step} could not be run: ${p.problem}`,
    hint: () => 'Run it again; if it stays, report it.',
  },
});
