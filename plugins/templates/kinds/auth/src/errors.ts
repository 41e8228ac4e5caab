import { defineErrors } from '@vp/plugin-sdk';

/** Every error of the plugin. */
export const { errors, table: errorTable } = defineErrors({
  VP_{{code}}_UNREADABLE: {
    class: 'config',
    summary: 'A mounted secret is there and cannot be read.',
    message: (p: { name: string; problem: string }) => `The secret ${p.name} cannot be read: ${p.problem}.`,
    hint: () => 'Let the user of vp read the file.',
  },
});
