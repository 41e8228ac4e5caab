import { forever, forge, frame, hostile } from './hostile.mts';
export default hostile(() => forever(), {
  source: {
    check: () => forever(),
    discover: () => forever(),
    async read() {
      // Nobody pulled so much.
      setTimeout(() => {
        for (let i = 0; i < 100; i += 1) forge(frame({ kind: 7, id: 1, payload: Buffer.alloc(60_000_000) }));
      }, 50);
      const schema = { fields: [] };
      const stream = (async function* () {
        yield await forever();
      })();
      return {
        schema,
        bounded: true,
        parts: [{ carrier: 'stream', format: 'csv', schema, stream }],
        state: async () => undefined,
        close: async () => undefined,
      };
    },
  },
});
