import { forever, hostile } from './hostile.mts';
export default hostile(() => forever(), {
  source: {
    check: () => forever(),
    discover: () => forever(),
    async read() {
      const schema = { fields: [] };
      const files = [{ uri: '/etc/passwd', temporary: true }];
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
