import type { RowBatch, TableSchema } from '@vp/contracts';
import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => forever(), {
  source: {
    check: () => forever(),
    discover: () => forever(),
    async read() {
      setTimeout(() => {
        // 4,294,967,295 rows (-1 of them) of no bytes.
        const payload = Buffer.alloc(16);
        payload.writeInt32LE(-1, 0);
        payload.writeUInt32LE(1, 4);
        forge(frame({ kind: 7, id: 1, payload }));
      }, 100);
      const schema: TableSchema = { fields: [{ name: 'a', type: { kind: 'utf8' }, nullable: false }] };
      const batches = (async function* (): AsyncGenerator<RowBatch> {
        yield await forever();
      })();
      return {
        schema,
        bounded: true,
        parts: [{ carrier: 'rows', format: 'rows', schema, batches }],
        state: async () => undefined,
        close: async () => undefined,
      };
    },
  },
});
