export default {
  $$type: '@vp/plugin',
  version: 'v1',
  async register() {
    await undefined;
  },
};
