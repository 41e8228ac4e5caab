import { forever, hostile } from './hostile.mts';
export default hostile(() => forever(), {
  source: {
    check: () => forever(),
    discover: () => forever(),
    async read() {
      const schema = { fields: [] };
      const files = [{ uri: 'http://169.254.169.254/x.csv', temporary: true }];
      return {
        schema,
        bounded: true,
        parts: [{ carrier: 'files', format: 'csv', schema, files }],
        state: async () => undefined,
        close: async () => undefined,
      };
    },
  },
});
