import { defineErrors } from '@vp/contracts';

/** Errors of the schemas that plugins bring: `VP_SCHEMA_*`. */
export const { errors, table: errorTable } = defineErrors({
  VP_SCHEMA_UNUSABLE: {
    class: 'plugin',
    summary: 'What a plugin gives as the schema of its configuration or options is not a usable JSON Schema.',
    message: (p: { of: string; problem: string }) => `The schema of ${p.of} cannot be used: ${p.problem}`,
    hint: () => "Report it to the plugin's author: vp plugins why shows which plugin that is.",
  },
});
