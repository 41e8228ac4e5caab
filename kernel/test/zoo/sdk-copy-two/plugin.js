import { definePlugin, point, serviceRef, VpError } from './sdk-copy/index.js';

export default definePlugin({
  register(registrar) {
    registrar.contribute(point('alerter'), 'sdk-copy-two', {
      deps: { greeting: serviceRef('zoo.greeting', 'root') },
      create: ({ deps }) => ({
        greeting: deps.greeting?.greet(),
        async send() {
          throw new VpError({ code: 'VP_ZOO_REFUSED', class: 'transient', message: 'Refused.' });
        },
      }),
    });
  },
});
