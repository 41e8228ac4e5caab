const planBuilt = {
  $$type: '@vp/hook-ref',
  version: 'v1',
  id: 'plan.built',
  major: 1,
  kind: 'waterfall',
  key: 'plan.built@1',
};

export default {
  $$type: '@vp/plugin',
  version: 'v1',
  register(registrar) {
    registrar.tap(planBuilt, () => new Promise(() => {}), { timeoutMs: 30 });
  },
};
