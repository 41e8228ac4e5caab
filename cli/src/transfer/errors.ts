import { defineErrors } from '@vp/contracts';

export const { errors, table: errorTable } = defineErrors({
  VP_COPY_END_UNKNOWN: {
    class: 'user',
    summary: '`vp copy` does not know what one of its ends is.',
    message: (p: { text: string; suggestion: string; extensions: readonly string[] }) =>
      `"${p.text}" is no connection of vp.toml, no URL, and no file of a kind that a plugin in use knows (${[...new Set(p.extensions)].join(', ') || 'none'}).`,
    hint: (p) =>
      p.suggestion || 'Write connection:table, a URL with the table after #, or a file: data/orders.csv',
  },
  VP_COPY_SCHEME_UNKNOWN: {
    class: 'user',
    summary: 'No plugin in use handles URLs of this scheme.',
    message: (p: { scheme: string; point: string; known: readonly string[]; suggestion: string }) =>
      `No ${p.point} in use handles ${p.scheme}:// (${p.known.join(', ')}).`,
    hint: (p) => p.suggestion || `Look for a plugin: vp plugins search ${p.scheme}`,
  },
  VP_COPY_URL: {
    class: 'user',
    summary: 'A URL of `vp copy` cannot be used.',
    message: (p: { url: string; problem: string }) => `${p.url}: ${p.problem}.`,
    hint: () =>
      "For example 'postgres://user@host/shop#public.orders'; the password by a connection of vp.toml.",
  },
  VP_COPY_MODE_NEEDED: {
    class: 'user',
    summary: 'The destination exists and `vp copy` was not told what to do with what is in it.',
    message: (p: { location: string }) => `${p.location} exists already.`,
    hint: () => 'Say what becomes of its rows: --mode replace, append, or merge --key id',
  },
});
