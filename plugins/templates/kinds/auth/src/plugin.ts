import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import { create{{class}}Auth } from './auth.ts';
import type { {{class}}Config } from './config.ts';

const auth = provider(points.auth, {
  deps: { paths: services.paths },
  // The JSON Schema of the manifest has checked it; this says its type.
  config: configType<{{class}}Config>(),
  create: ({ config, deps }) => create{{class}}Auth({ config, paths: deps.paths }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.auth, '{{id}}', auth);
  },
});
