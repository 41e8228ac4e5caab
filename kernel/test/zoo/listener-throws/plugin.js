const events = {
  $$type: '@vp/service-ref',
  version: 'v1',
  id: 'vp.events',
  major: 1,
  scope: 'root',
  isOptional: false,
  token: Symbol.for('vp:service/vp.events@1'),
  key: 'vp.events@1',
};

export default {
  $$type: '@vp/plugin',
  version: 'v1',
  deps: { events },
  register() {},
  activate({ deps, onStop }) {
    onStop(
      deps.events.subscribe(() => {
        throw new Error('the listener is broken');
      }),
    );
  },
};
