import { defineErrors } from './core/error-table.ts';

export const { errors, table: errorTable } = defineErrors({
  VP_PARTITION_MALFORMED: {
    class: 'user',
    summary: 'A text that should name a partition does not.',
    message: (p: { readonly text: string }) => `${JSON.stringify(p.text)} is no partition.`,
    hint: () => 'Write `dimension=value`, e.g. `date=2001-03`, several joined by commas.',
  },
});
