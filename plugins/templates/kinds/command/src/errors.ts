import { defineErrors } from '@vp/plugin-sdk';

/** Every error of the plugin. Its class gives the exit code of the command. */
export const { errors, table: errorTable } = defineErrors({
  VP_{{code}}_FOLDER: {
    class: 'user',
    summary: 'The folder that was asked for is not below .vp.',
    message: (p: { folder: string; suggestion: string }) => `There is no folder ${p.folder} below .vp.`,
    hint: (p) => p.suggestion,
  },
});
