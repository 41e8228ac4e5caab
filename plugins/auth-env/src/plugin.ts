import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import { createAuthEnv } from './auth.ts';
import type { AuthEnvConfig } from './config.ts';

const env = provider(points.auth, {
  deps: { paths: services.paths },
  config: configType<AuthEnvConfig>(),
  create: ({ config, deps }) => createAuthEnv({ config, paths: deps.paths }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.auth, 'env', env);
  },
});
