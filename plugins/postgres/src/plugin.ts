import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import type { PostgresConfig } from './config.ts';
import { createServer } from './connection/server.ts';
import { postgresSink } from './sink/sink.ts';
import { postgresSource } from './source/source.ts';

const deps = { paths: services.paths };
const config = configType<PostgresConfig>();

export default definePlugin({
  register(registrar) {
    registrar.contribute(
      points.source,
      'postgres',
      provider(points.source, {
        deps,
        config,
        create: (made) => postgresSource(createServer(made.config, (path) => made.deps.paths.resolve(path))),
      }),
    );
    registrar.contribute(
      points.sink,
      'postgres',
      provider(points.sink, {
        deps,
        config,
        create: (made) => postgresSink(createServer(made.config, (path) => made.deps.paths.resolve(path))),
      }),
    );
  },
});
