// Plain objects on purpose: the fixtures of the zoo import nothing.
const alerter = {
  $$type: '@vp/extension-point',
  version: 'v1',
  id: 'alerter',
  major: 1,
  contract: 'alerter@1',
};

export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    registrar.contribute(alerter, 'manifest-wrong-type', {
      create: () => ({
        sent: [],
        async send(alerts) {
          this.sent.push(...alerts);
        },
      }),
    });
  },
};
