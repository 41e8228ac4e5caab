import { defineConformance } from '@vp/plugin-sdk/conformance';
import { type ApiRecord, schema, toRow } from './columns.ts';
import { demoRecords, startDemoApi } from './demo-api.ts';
import { create{{class}}Source } from './source.ts';

const token = 's3cret/token';
const added: ApiRecord = { id: '9007199254740999', at: '2026-01-03T00:00:00Z', label: 'later', value: 7 };

/** What `npm test` and `vp plugins conformance` prove the source on. */
export default defineConformance({
  sources: {
    '{{id}}': {
      async create() {
        const records = demoRecords();
        const api = await startDemoApi({ token, collections: { demo: records } });
        // Two records a page, so that reads take several.
        const config = { host: '127.0.0.1', port: api.port, https: false, page_size: 2 };
        return {
          open: () => create{{class}}Source({ ...config, token }),
          openBroken: () => create{{class}}Source({ ...config, token: 'wrong' }),
          options: { collection: 'demo' },
          missing: { collection: 'nothing' },
          endless: { collection: 'endless' },
          schema,
          rows: demoRecords().map(toRow),
          ordered: true,
          append: async () => void records.push(added),
          moreRows: [toRow(added)],
          secrets: [token],
          dispose: () => api[Symbol.asyncDispose](),
        };
      },
    },
  },
});
