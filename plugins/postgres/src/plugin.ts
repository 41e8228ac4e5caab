import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import type { PostgresConfig } from './config.ts';
import { createServer } from './connection/server.ts';
import { postgresSource } from './source/source.ts';

export default definePlugin({
  register(registrar) {
    registrar.contribute(
      points.source,
      'postgres',
      provider(points.source, {
        deps: { paths: services.paths },
        config: configType<PostgresConfig>(),
        create: ({ config, deps: { paths } }) =>
          postgresSource(createServer(config, (path) => paths.resolve(path))),
      }),
    );
  },
});
