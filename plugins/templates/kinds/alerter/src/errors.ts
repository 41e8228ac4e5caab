import { defineErrors } from '@vp/plugin-sdk';

/** Every error of the plugin. */
export const { errors, table: errorTable } = defineErrors({
  VP_{{code}}_UNREACHABLE: {
    class: 'transient',
    summary: 'The chat did not answer, or answered that it is busy.',
    message: (p: { problem: string }) => `The chat did not take the alert: ${p.problem}.`,
    hint: () => 'Check the network and the chat: vp doctor',
  },
  VP_{{code}}_REFUSED: {
    class: 'config',
    summary: 'The chat refuses the alert; trying again would not help.',
    message: (p: { status: number }) => `The chat refused the alert with status ${p.status}.`,
    hint: () => 'Correct `url` in [alerter.{{id}}] of vp.toml.',
  },
});
