import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import type { MysqlConfig } from './config.ts';
import { createServer } from './connection/server.ts';
import { mysqlSink } from './sink/sink.ts';
import { mysqlSource } from './source/source.ts';

const deps = { paths: services.paths };
const config = configType<MysqlConfig>();

export default definePlugin({
  register(registrar) {
    registrar.contribute(
      points.source,
      'mysql',
      provider(points.source, {
        deps,
        config,
        create: (made) => mysqlSource(createServer(made.config, (path) => made.deps.paths.resolve(path))),
      }),
    );
    registrar.contribute(
      points.sink,
      'mysql',
      provider(points.sink, {
        deps,
        config,
        create: (made) => mysqlSink(createServer(made.config, (path) => made.deps.paths.resolve(path))),
      }),
    );
  },
});
