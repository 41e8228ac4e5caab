import { definePlugin, points, provider, services } from '@vp/plugin-sdk';
import { create{{class}}Command } from './command.ts';

const command = provider(points.command, {
  deps: { paths: services.paths },
  create: ({ deps }) => create{{class}}Command(deps.paths),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.command, '{{id}}', command);
  },
});
