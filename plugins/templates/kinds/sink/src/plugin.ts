import { configType, definePlugin, points, provider, services } from '@vp/plugin-sdk';
import type { {{class}}Config } from './config.ts';
import { create{{class}}Sink } from './sink.ts';

const sink = provider(points.sink, {
  deps: { paths: services.paths },
  // The JSON Schema of the manifest has checked it; this says its type.
  config: configType<{{class}}Config>(),
  create: ({ config, deps }) => create{{class}}Sink({ config, paths: deps.paths }),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.sink, '{{id}}', sink);
  },
});
