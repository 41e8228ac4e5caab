import { isVpError, type Json, type Row, type RowBatch, rowsPayload, type Source } from '@vp/plugin-sdk';
import { createApi } from './api.ts';
import { schema, toRow } from './columns.ts';
import type { {{class}}Config } from './config.ts';

/** Where a read begins: after the last record that was committed. The host keeps it with the data. */
const positionOf = (state: Json | undefined): string =>
  typeof state === 'object' && state !== null && 'after' in state ? String(state.after) : '0';

/** Reads collections of the API page by page, each read from where the last one ended. */
export function create{{class}}Source(config: {{class}}Config): Source {
  const api = createApi(config);
  return {
    async check({ signal }) {
      try {
        const names = await api.collections(signal);
        return { ok: true, message: `${names.length} collections at ${api.url}` };
      } catch (error) {
        signal.throwIfAborted();
        if (!isVpError(error)) throw error;
        // A refusal is an answer, so that `vp doctor` goes on to the next connection.
        return { ok: false, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
      }
    },

    async discover({ options }, { signal }) {
      const names = await api.collections(signal);
      return names
        .filter((name) => options === undefined || options.collection === name)
        .map((collection) => ({
          options: { collection },
          name: collection,
          schema,
          formats: ['rows'],
          bounded: true,
          cursors: ['id'],
        }));
    },

    async read({ options, state }, { signal, progress }) {
      signal.throwIfAborted();
      const collection = String(options.collection);
      let after = positionOf(state);
      let rows = 0;

      async function* batches(): AsyncGenerator<RowBatch> {
        for (;;) {
          const page = await api.page({ collection, after }, signal);
          const last = page.at(-1);
          if (last === undefined) return;
          after = last.id;
          rows += page.length;
          progress({ rows });
          const made: readonly Row[] = page.map(toRow);
          const columns = schema.fields.map(({ name }) => made.map((row) => row[name] ?? null));
          // With the position on each batch, a long read can be committed piece by piece.
          yield { length: page.length, columns, state: { after } };
        }
      }

      return {
        schema,
        bounded: true,
        parts: [rowsPayload(schema, batches())],
        state: async () => ({ after }),
        // Nothing stays open between two pages.
        close: async () => {},
      };
    },
  };
}
