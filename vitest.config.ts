import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{contracts,kernel,plugin-sdk,isolation,installer,registry,cli,scripts}/**/*.test.ts',
      'plugins/*/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      'cli/templates/**',
      'plugins/templates/kinds/**',
      'quickstart/**',
      'test/long/**',
    ],
    // Test files of one worker share the module graph, which halves the time: leave no global state behind.
    isolate: false,
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
  },
});
