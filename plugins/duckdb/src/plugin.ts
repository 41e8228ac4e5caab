import { definePlugin, type ProviderContext, points, services } from '@vp/plugin-sdk';
import type { DuckdbConfig } from './config.ts';
import { createDuckdbEngine } from './engine.ts';

const deps = { paths: services.paths, clock: services.clock };

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.engine, 'duckdb', {
      deps,
      create: ({ config, deps: { paths, clock } }: ProviderContext<DuckdbConfig, typeof deps>) =>
        createDuckdbEngine({ config, paths, clock }),
    });
  },
});
