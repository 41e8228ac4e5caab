const clocks = {
  $$type: '@vp/service-ref',
  version: 'v1',
  id: 'vp.clocks',
  major: 1,
  scope: 'root',
  isOptional: false,
  token: Symbol.for('vp:service/vp.clocks@1'),
  key: 'vp.clocks@1',
};

export default {
  $$type: '@vp/plugin',
  version: 'v1',
  deps: { clocks },
  register() {},
};
