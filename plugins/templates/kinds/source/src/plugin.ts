import { configType, definePlugin, points, provider } from '@vp/plugin-sdk';
import type { {{class}}Config } from './config.ts';
import { create{{class}}Source } from './source.ts';

const source = provider(points.source, {
  // The JSON Schema of the manifest has checked it; this says its type.
  config: configType<{{class}}Config>(),
  create: ({ config }) => create{{class}}Source(config),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.source, '{{id}}', source);
  },
});
