import { join } from 'node:path';
import { definePlugin, type ProviderContext, points, services } from '@vp/plugin-sdk';
import type { SqliteStoreConfig } from './options.ts';

const deps = { paths: services.paths };

export default definePlugin({
  register(registrar) {
    registrar.contribute(points.store, 'sqlite', {
      deps,
      create: async ({ config, deps: { paths } }: ProviderContext<SqliteStoreConfig, typeof deps>) => {
        const { openStore } = await import('./store.ts');
        const path =
          config.path === undefined ? join(paths.state, 'metadata.db') : paths.resolve(config.path);
        return await openStore({ path, keepRunsDays: config.keep_runs_days });
      },
    });
  },
});
