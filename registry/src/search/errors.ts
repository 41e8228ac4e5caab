import { defineErrors, didYouMean } from '@vp/contracts';

export const { errors, table: searchErrorTable } = defineErrors({
  VP_REGISTRY_SEARCH_INVALID: {
    class: 'user',
    summary: 'A search of the registry has a filter or a value that there is not.',
    message: (p: { problem: string }) => `The search cannot be answered: ${p.problem}`,
    hint: () =>
      'Use q, kind, capability, badge=true, limit and offset: /-/vp/v1/search?q=postgres&kind=source',
  },
  VP_REGISTRY_PLUGIN_UNKNOWN: {
    class: 'user',
    summary: 'The registry has no plugin of that name.',
    message: (p: { name: string; known: readonly string[] }) =>
      `This registry has no plugin ${p.name}. ${didYouMean(p.name, p.known)}`.trimEnd(),
    hint: () => 'Search for it: `vp plugins search`, or the page of the registry.',
  },
});
