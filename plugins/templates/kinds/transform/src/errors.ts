import { defineErrors } from '@vp/plugin-sdk';

/** Every error of the plugin. Only those of class `transient` are tried again. */
export const { errors, table: errorTable } = defineErrors({
  VP_{{code}}_INPUTS: {
    class: 'user',
    summary: 'The transform takes one input, in rows.',
    message: (p: { asset: string; problem: string }) => `${p.asset} ${p.problem}.`,
    hint: () => 'Give the asset exactly one input.',
  },
  VP_{{code}}_COLUMN: {
    class: 'user',
    summary: 'A column that is to be replaced is not there, or holds no texts.',
    message: (p: { asset: string; column: string; problem: string }) =>
      `Column ${p.column} of the input of ${p.asset} ${p.problem}.`,
    hint: () => 'Correct `columns` in the options of the asset.',
  },
});
