import { definePlugin, point, serviceRef, VpError } from './sdk-copy/index.js';

export default definePlugin({
  register(registrar) {
    registrar.provide(serviceRef('zoo.greeting', 'root'), { create: () => ({ greet: () => 'hello' }) });
    registrar.contribute(point('alerter'), 'sdk-copy-one', {
      create: ({ deps }) => ({
        greeting: deps.greeting?.greet(),
        async send() {
          throw new VpError({ code: 'VP_ZOO_REFUSED', class: 'transient', message: 'Refused.' });
        },
      }),
    });
  },
});
