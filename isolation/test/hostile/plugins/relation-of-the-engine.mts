import { forever, hostile } from './hostile.mts';
export default hostile(() => forever(), {
  source: {
    check: () => forever(),
    discover: () => forever(),
    async read() {
      const schema = { fields: [] };
      return {
        schema,
        bounded: true,
        parts: [
          {
            carrier: 'relation',
            format: 'relation',
            engine: 'duckdb',
            sql: "read_text('/etc/passwd')",
            schema,
          },
        ],
        state: async () => undefined,
        close: async () => undefined,
      };
    },
  },
});
