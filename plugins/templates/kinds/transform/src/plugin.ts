import { configType, definePlugin, points, provider } from '@vp/plugin-sdk';
import type { {{class}}Config } from './config.ts';
import { create{{class}}Transform } from './transform.ts';

const transform = provider(points.transform, {
  // The JSON Schema of the manifest has checked it; this says its type.
  config: configType<{{class}}Config>(),
  create: ({ config }) => create{{class}}Transform(config),
});

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.transform, '{{id}}', transform);
  },
});
