import { defineErrors } from '@vp/plugin-sdk';

/** Every error of the plugin. Only those of class `transient` are tried again. */
export const { errors, table: errorTable } = defineErrors({
  VP_{{code}}_FOLDER: {
    class: 'config',
    summary: 'The folder of the tables cannot be used.',
    message: (p: { folder: string; problem: string }) => `${p.folder} cannot be used: ${p.problem}.`,
    hint: () => 'Correct `folder` of the connection in vp.toml, or the rights on it.',
  },
  VP_{{code}}_MODE: {
    class: 'user',
    summary: 'The sink was asked to write in a way that it has not.',
    message: (p: { mode: string }) => `Files can be replaced or appended to; ${p.mode} is not possible.`,
    hint: () => 'Publish with the mode "replace" or "append".',
  },
});
