export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register() {
    throw new Error('no luck today');
  },
};
