const validator = {
  $$type: '@vp/extension-point',
  version: 'v1',
  id: 'validator',
  major: 1,
  contract: 'validator@1',
};

export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    registrar.contribute(validator, 'garbage', {
      create: () => ({
        rules: () => [{ id: 'garbage', description: 'Gives garbage.', columns: 'none', options: {} }],
        async validate() {
          return [{ status: 'splendid', rows: 'many' }, 7];
        },
      }),
    });
  },
};
